/* The program of the guest's own that runs when the machine has become another. */
#define _GNU_SOURCE
#include "machine.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char HOOK_FILE[] = "/etc/snapfork/fork-hook";
static const int64_t LIMIT_NANOS = 2000000000;
static const int64_t NANOS = 1000000000;

static void locate(const struct machine *machine, char path[PATH_BYTES]) {
    snprintf(path, PATH_BYTES, "%s%s", machine->root, HOOK_FILE);
}

bool has_hook(const struct machine *machine) {
    char path[PATH_BYTES];
    locate(machine, path);
    return access(path, X_OK) == 0;
}

static int64_t monotonic(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NANOS + now.tv_nsec;
}

static void become(const char *path, const char *const *environment) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    /* the standard output may be the channel */
    dup2(open("/dev/null", O_RDWR), STDIN_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    clearenv();
    setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
    for (; environment[0] != NULL; environment += 2) {
        setenv(environment[0], environment[1] != NULL ? environment[1] : "", 1);
    }
    execl(path, path, (char *)NULL);
    _exit(127);
}

/* SIGCHLD is blocked, so that it is not missed between a look and the wait for the next. */
static bool ended_in_time(pid_t child, int *status) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    int64_t until = monotonic() + LIMIT_NANOS;
    while (waitpid(child, status, WNOHANG) == 0) {
        int64_t left = until - monotonic();
        if (left <= 0) {
            return false;
        }
        struct timespec wait = {.tv_sec = left / NANOS, .tv_nsec = left % NANOS};
        sigtimedwait(&signals, NULL, &wait);
    }
    return true;
}

struct outcome run_hook(const struct machine *machine, const char *const *environment) {
    char path[PATH_BYTES];
    locate(machine, path);
    pid_t child = fork();
    if (child < 0) {
        return failed_at("fork");
    }
    /* in a group of its own, which ends with it: set on both sides, as either may come first */
    setpgid(child, child);
    if (child == 0) {
        become(path, environment);
    }
    int status = 0;
    if (!ended_in_time(child, &status)) {
        kill(-child, SIGKILL);
        waitpid(child, &status, 0);
        return failed("not ended after 2 s");
    }
    if (WIFSIGNALED(status)) {
        return failed("ended by signal %d", WTERMSIG(status));
    }
    return WEXITSTATUS(status) == 0 ? DONE : failed("exit status %d", WEXITSTATUS(status));
}
