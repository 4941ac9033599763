/* What can be asked of the agent. */
#define _GNU_SOURCE
#include "agent.h"

#include <stdio.h>
#include <string.h>

#define AGENT_VERSION "0.1.0"

static void begin(struct text *answer, const char *id, const char *status) {
    const char cancel[] = {CANCEL, '\0'};
    answer->length = 0;
    append(answer, cancel);
    append(answer, PROTOCOL " ");
    append(answer, id);
    append(answer, status);
}

/* The message may be the asker's own words, so it is cut to what fits. */
static void refuse(struct text *answer, const char *id, const char *code, const char *message) {
    char words[REASON_BYTES];
    snprintf(words, sizeof words, "%s", message);
    begin(answer, id, " error");
    append_field(answer, "code", code, "");
    append_field(answer, "message", words, "");
}

void refuse_long_line(struct text *answer) {
    refuse(answer, "-", "line_too_long", "a line has at most 4096 bytes");
}

static void append_outcome(struct text *answer, const char *item, struct outcome outcome) {
    append_field(answer, item, outcome.reason[0] == '\0' ? "done" : "failed:", outcome.reason);
}

/* Refuses a request that has other keys than those; the last is null. */
static bool has_only(const struct request *request, const char *const *keys, struct text *answer) {
    for (int i = 0; i < request->count; i++) {
        const char *const *key = keys;
        while (*key != NULL && strcmp(*key, request->fields[i].key) != 0) {
            key++;
        }
        if (*key == NULL) {
            refuse(answer, request->id, "unknown_key", request->fields[i].key);
            return false;
        }
    }
    return true;
}

static void set_time(struct agent *agent, const struct request *request, struct text *answer) {
    static const char *const keys[] = {"time", NULL};
    if (!has_only(request, keys, answer)) {
        return;
    }
    const char *time = value_of(request, "time");
    int64_t unix_nanos;
    if (time == NULL || !parse_nanos(time, &unix_nanos)) {
        refuse(answer, request->id, time == NULL ? "missing_key" : "bad_value", "time");
        return;
    }
    begin(answer, request->id, " ok");
    append_outcome(answer, "clock", set_clock(&agent->machine, unix_nanos));
}

/* An identify whose values are known to be good. Items that are not to be changed are null, or of length 0. */
struct identity {
    const char *generation;
    const char *instance;
    const char *hostname;
    const char *mac;
    const char *time;
    uint8_t mac_bytes[MAC_BYTES];
    uint8_t entropy[ENTROPY_BYTES_MOST];
    size_t entropy_length;
    int64_t unix_nanos;
};

static bool is_generation(const char *text) {
    return strlen(text) == GENERATION_LENGTH && strspn(text, "0123456789abcdefABCDEF-") == GENERATION_LENGTH;
}

static bool is_hostname(const char *text) {
    size_t length = strlen(text);
    return length > 0 && length < 64 && text[0] != '-'
        && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == length;
}

/* An address that one interface can have. */
static bool parse_mac(const char *text, uint8_t mac[MAC_BYTES]) {
    char digits[2 * MAC_BYTES + 1] = "";
    static const uint8_t none[MAC_BYTES] = {0};
    if (strlen(text) != 3 * MAC_BYTES - 1) {
        return false;
    }
    for (int i = 0; i < MAC_BYTES; i++) {
        memcpy(digits + 2 * i, text + 3 * i, 2);
        if (i > 0 && text[3 * i - 1] != ':') {
            return false;
        }
    }
    return parse_hex(digits, mac, MAC_BYTES) == MAC_BYTES && (mac[0] & 1) == 0 && memcmp(mac, none, MAC_BYTES) != 0;
}

/* Returns the key of the first value that cannot be, or null. */
static const char *parse_identity(const struct request *request, struct identity *identity) {
    *identity = (struct identity){
        .generation = value_of(request, "generation"),
        .instance = value_of(request, "instance"),
        .hostname = value_of(request, "hostname"),
        .mac = value_of(request, "mac"),
        .time = value_of(request, "time"),
    };
    if (identity->generation == NULL || !is_generation(identity->generation)) {
        return "generation";
    }
    if (identity->instance != NULL && !is_id(identity->instance)) {
        return "instance";
    }
    if (identity->hostname != NULL && !is_hostname(identity->hostname)) {
        return "hostname";
    }
    if (identity->mac != NULL && !parse_mac(identity->mac, identity->mac_bytes)) {
        return "mac";
    }
    if (identity->time != NULL && !parse_nanos(identity->time, &identity->unix_nanos)) {
        return "time";
    }
    const char *entropy = value_of(request, "entropy");
    if (entropy != NULL) {
        identity->entropy_length = parse_hex(entropy, identity->entropy, ENTROPY_BYTES_MOST);
    }
    return entropy != NULL && identity->entropy_length < ENTROPY_BYTES_LEAST ? "entropy" : NULL;
}

static void become(const struct machine *machine, const struct identity *identity, struct text *answer) {
    /* entropy first, so that nothing after it draws from what other forks have as well */
    if (identity->entropy_length > 0) {
        append_outcome(answer, "entropy", add_entropy(machine, identity->entropy, identity->entropy_length));
    }
    if (identity->time != NULL) {
        append_outcome(answer, "clock", set_clock(machine, identity->unix_nanos));
    }
    if (identity->hostname != NULL) {
        append_outcome(answer, "hostname", set_hostname(machine, identity->hostname));
    }
    if (identity->instance != NULL) {
        append_outcome(answer, "instance_id", set_instance(machine, identity->instance));
    }
    if (identity->mac != NULL) {
        append_outcome(answer, "mac", set_mac(machine, identity->mac_bytes));
    }
    if (has_hook(machine)) {
        const char *const environment[] = {
            "SNAPFORK_GENERATION", identity->generation, "SNAPFORK_INSTANCE", identity->instance,
            "SNAPFORK_HOSTNAME",   identity->hostname,   "SNAPFORK_MAC",      identity->mac,
            NULL,
        };
        append_outcome(answer, "hook", run_hook(machine, environment));
    }
}

static void identify(struct agent *agent, const struct request *request, struct text *answer) {
    static const char *const keys[] = {"generation", "instance", "hostname", "mac", "entropy", "time", NULL};
    if (!has_only(request, keys, answer)) {
        return;
    }
    struct identity identity;
    const char *bad = parse_identity(request, &identity);
    if (bad != NULL) {
        refuse(answer, request->id, value_of(request, bad) == NULL ? "missing_key" : "bad_value", bad);
        return;
    }
    begin(answer, request->id, " ok");
    if (strncasecmp(agent->identified, identity.generation, GENERATION_LENGTH) == 0) {
        append(answer, agent->identified + GENERATION_LENGTH + 1);
    } else {
        size_t start = answer->length;
        become(&agent->machine, &identity, answer);
        snprintf(agent->identified, sizeof agent->identified, "%s\n%s", identity.generation, answer->bytes + start);
        keep(&agent->machine, agent->identified);
    }
    explicit_bzero(&identity, sizeof identity);
}

afterwards handle(struct agent *agent, char *line, struct text *answer) {
    static const char *const no_keys[] = {NULL};
    struct request request;
    const char *wrong = parse_request(line, &request);
    if (wrong != NULL) {
        refuse(answer, request.id, request.foreign ? "unsupported_protocol" : "malformed", wrong);
    } else if (strcmp(request.verb, "hello") == 0) {
        if (has_only(&request, no_keys, answer)) {
            begin(answer, request.id, " ok protocol=1 agent=" AGENT_VERSION " capabilities=identify,time,shutdown");
        }
    } else if (strcmp(request.verb, "identify") == 0) {
        identify(agent, &request, answer);
    } else if (strcmp(request.verb, "time") == 0) {
        set_time(agent, &request, answer);
    } else if (strcmp(request.verb, "shutdown") == 0) {
        if (has_only(&request, no_keys, answer)) {
            begin(answer, request.id, " ok");
            return power_off;
        }
    } else {
        refuse(answer, request.id, "unknown_verb", request.verb);
    }
    return NULL;
}
