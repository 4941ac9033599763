#define _GNU_SOURCE
#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char STATE_DIRECTORY[] = "/run/snapfork";
static const char INSTANCE_FILE[] = "/run/snapfork/instance";
static const char KEPT_FILE[] = "/run/snapfork/identified";
static const int64_t NANOS = 1000000000;

struct outcome failed(const char *format, ...) {
    struct outcome outcome;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(outcome.reason, sizeof outcome.reason, format, arguments);
    va_end(arguments);
    return outcome;
}

struct outcome failed_at(const char *step) {
    return failed("%s: %s", step, strerror(errno));
}

/* Replaces a file in one step, so that no reader finds half of it. */
static bool write_file(const struct machine *machine, const char *path, const char *text) {
    char target[PATH_BYTES];
    char draft[PATH_BYTES + 8];
    snprintf(target, sizeof target, "%s%s", machine->root, path);
    snprintf(draft, sizeof draft, "%s.new", target);
    int file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (file < 0) {
        return false;
    }
    errno = ENOSPC;
    bool done = write(file, text, strlen(text)) == (ssize_t)strlen(text) && rename(draft, target) == 0;
    int error = errno;
    close(file);
    if (!done) {
        unlink(draft);
        errno = error;
    }
    return done;
}

/* As write_file, for a file that a machine may lack, or have where it cannot be written. */
static bool rewrite_file(const struct machine *machine, const char *path, const char *text) {
    char target[PATH_BYTES];
    snprintf(target, sizeof target, "%s%s", machine->root, path);
    return access(target, F_OK) != 0 || write_file(machine, path, text) || errno == EROFS;
}

static bool write_state(const struct machine *machine, const char *path, const char *text) {
    char directory[PATH_BYTES];
    snprintf(directory, sizeof directory, "%s%s", machine->root, STATE_DIRECTORY);
    return (mkdir(directory, 0755) == 0 || errno == EEXIST) && write_file(machine, path, text);
}

bool keep(const struct machine *machine, const char *text) {
    return write_state(machine, KEPT_FILE, text);
}

bool kept(const struct machine *machine, char *text, size_t size) {
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s%s", machine->root, KEPT_FILE);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    ssize_t length = read(file, text, size - 1);
    close(file);
    text[length > 0 ? length : 0] = '\0';
    return length > 0;
}

struct outcome add_entropy(const struct machine *machine, const uint8_t *bytes, size_t length) {
    union {
        struct rand_pool_info info;
        uint8_t room[sizeof(struct rand_pool_info) + ENTROPY_BYTES_MOST];
    } pool = {.info = {.entropy_count = (int)length * 8, .buf_size = (int)length}};
    if (machine->dry_run) {
        return DONE;
    }
    int device = open("/dev/urandom", O_WRONLY | O_CLOEXEC);
    if (device < 0) {
        return failed_at("/dev/urandom");
    }
    struct outcome outcome = DONE;
    memcpy(pool.info.buf, bytes, length);
    if (ioctl(device, RNDADDENTROPY, &pool.info) != 0) {
        outcome = failed_at("RNDADDENTROPY");
    } else if (ioctl(device, RNDRESEEDCRNG) != 0) {
        outcome = failed_at("RNDRESEEDCRNG");
    }
    explicit_bzero(&pool, sizeof pool);
    close(device);
    return outcome;
}

struct outcome set_clock(const struct machine *machine, int64_t unix_nanos) {
    struct timespec time = {.tv_sec = unix_nanos / NANOS, .tv_nsec = unix_nanos % NANOS};
    return machine->dry_run || clock_settime(CLOCK_REALTIME, &time) == 0 ? DONE : failed_at("clock_settime");
}

struct outcome set_hostname(const struct machine *machine, const char *hostname) {
    char line[128];
    if (!machine->dry_run && sethostname(hostname, strlen(hostname)) != 0) {
        return failed_at("sethostname");
    }
    snprintf(line, sizeof line, "%s\n", hostname);
    return rewrite_file(machine, "/etc/hostname", line) ? DONE : failed_at("/etc/hostname");
}

/* 32 hexadecimal digits that follow from the text: FNV-1a of 128 bits, marked as a UUID of version 4. */
static void machine_id(const char *text, char id[34]) {
    const unsigned __int128 prime = ((unsigned __int128)1 << 88) + 0x13b;
    unsigned __int128 hash = ((unsigned __int128)0x6c62272e07bb0142 << 64) + 0x62b821756295c58d;
    for (; *text != '\0'; text++) {
        hash = (hash ^ (uint8_t)*text) * prime;
    }
    uint64_t high = ((uint64_t)(hash >> 64) & ~(uint64_t)0xf000) | 0x4000;
    uint64_t low = ((uint64_t)hash & ~((uint64_t)3 << 62)) | (uint64_t)1 << 63;
    snprintf(id, 34, "%016llx%016llx\n", (unsigned long long)high, (unsigned long long)low);
}

struct outcome set_instance(const struct machine *machine, const char *instance) {
    char line[128];
    char id[34];
    snprintf(line, sizeof line, "%s\n", instance);
    if (!write_state(machine, INSTANCE_FILE, line)) {
        return failed_at(INSTANCE_FILE);
    }
    machine_id(instance, id);
    return rewrite_file(machine, "/etc/machine-id", id) ? DONE : failed_at("/etc/machine-id");
}

void power_off(const struct machine *machine) {
    if (machine->dry_run || fork() != 0) {
        return;
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    sync();
    /* without ACPI a machine cannot turn itself off; a reset ends it where the monitor does not start it again */
    bool acpi = access("/sys/firmware/acpi", F_OK) == 0;
    const char *program = acpi ? "/sbin/poweroff" : "/sbin/reboot";
    execl(program, program, (char *)NULL);
    reboot(acpi ? RB_POWER_OFF : RB_AUTOBOOT);
    _exit(1);
}
