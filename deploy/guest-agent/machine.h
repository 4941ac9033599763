/* What the agent does to the machine that it runs in. */
#ifndef SNAPFORK_MACHINE_H
#define SNAPFORK_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    REASON_BYTES = 160,
    PATH_BYTES = 512,
    ENTROPY_BYTES_LEAST = 32,
    ENTROPY_BYTES_MOST = 64,
    MAC_BYTES = 6,
};

/* Where the machine's files are, and whether all but files is left alone. */
struct machine {
    const char *root;
    bool dry_run;
};

/* How one item went: it is done if there is no reason why not. */
struct outcome {
    char reason[REASON_BYTES];
};

static const struct outcome DONE = {.reason = ""};

struct outcome failed(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* With the reason that errno has. */
struct outcome failed_at(const char *step);

struct outcome add_entropy(const struct machine *machine, const uint8_t *bytes, size_t length);
struct outcome set_clock(const struct machine *machine, int64_t unix_nanos);
struct outcome set_hostname(const struct machine *machine, const char *hostname);
struct outcome set_instance(const struct machine *machine, const char *instance);
struct outcome set_mac(const struct machine *machine, const uint8_t mac[MAC_BYTES]);

/* Runs the hook for two seconds at most. environment is pairs of name and value, and ends with a null. */
struct outcome run_hook(const struct machine *machine, const char *const *environment);
bool has_hook(const struct machine *machine);

/* Text that is kept in RAM for an agent that is started again. */
bool keep(const struct machine *machine, const char *text);
bool kept(const struct machine *machine, char *text, size_t size);

/* Has the machine shut down in an orderly way, by a process of its own. */
void power_off(const struct machine *machine);

#endif
