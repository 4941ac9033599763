/*
 * Tells a forked machine who it is, on a virtio-serial port. The protocol is in README.md.
 *
 * One request is answered before the next is read. Nothing that comes on the port ends the agent: a port that goes away is looked
 * for again, and what cannot be understood is answered with an error.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char PORT_NAME[] = "dev.snapfork.agent.0";

struct channel {
    int in;
    int out;
    bool is_port;
    char line[LINE_BYTES + 1];
    size_t length;
    bool too_long;
};

/* While nobody is connected a port reads as at its end. SIGIO, which is blocked, says that it may be otherwise. */
static void wait_for_host(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGIO);
    struct timespec second = {.tv_sec = 1};
    sigtimedwait(&signals, NULL, &second);
}

/*
 * Gives an answer up that nobody takes within seconds: who asked has gone. That the host is connected may be known later than what it
 * sent, so a port that has no host is waited for too.
 */
static void send_answer(const struct channel *channel, struct text *answer) {
    append(answer, "\n");
    size_t sent = 0;
    for (int tries = 4; sent < answer->length && tries > 0; tries--) {
        struct pollfd ready = {.fd = channel->out, .events = POLLOUT};
        if (poll(&ready, 1, 1000) > 0 && (ready.revents & POLLOUT) == 0) {
            wait_for_host();
            continue;
        }
        ssize_t count = write(channel->out, answer->bytes + sent, answer->length - sent);
        sent += count > 0 ? (size_t)count : 0;
    }
}

/* Clears it as well: it may have held entropy. */
static void forget_line(struct channel *channel) {
    explicit_bzero(channel->line, sizeof channel->line);
    channel->length = 0;
    channel->too_long = false;
}

static void end_line(struct agent *agent, struct channel *channel) {
    struct text answer = {.length = 0};
    if (channel->too_long) {
        refuse_long_line(&answer);
        send_answer(channel, &answer);
    } else if (channel->length > 0) {
        afterwards then = handle(agent, channel->line, &answer);
        send_answer(channel, &answer);
        if (then != NULL) {
            then(&agent->machine);
        }
    }
    forget_line(channel);
}

static void take(struct agent *agent, struct channel *channel, char byte) {
    if (byte == CANCEL) {
        forget_line(channel);
    } else if (byte == '\n') {
        end_line(agent, channel);
    } else if (channel->length == LINE_BYTES) {
        channel->too_long = true;
    } else {
        /* a string would end there, a line does not */
        channel->line[channel->length++] = byte == '\0' ? '\x7f' : byte;
    }
}

/* Returns when there is nothing left to read from, for ever or until a port is opened again. */
static void serve(struct agent *agent, struct channel *channel) {
    char bytes[LINE_BYTES];
    while (true) {
        struct pollfd ready = {.fd = channel->in, .events = POLLIN};
        ssize_t count = poll(&ready, 1, -1) < 0 ? -1 : read(channel->in, bytes, sizeof bytes);
        for (ssize_t i = 0; i < count; i++) {
            take(agent, channel, bytes[i]);
        }
        if (count > 0) {
            explicit_bzero(bytes, (size_t)count);
        } else if (count == 0 && channel->is_port) {
            wait_for_host();
        } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
            return;
        }
    }
}

static bool find_port(char device[PATH_BYTES]) {
    static const char directory[] = "/sys/class/virtio-ports/";
    glob_t names;
    bool found = false;
    if (glob("/sys/class/virtio-ports/*/name", 0, NULL, &names) != 0) {
        return false;
    }
    for (size_t i = 0; i < names.gl_pathc && !found; i++) {
        char name[sizeof PORT_NAME + 1] = "";
        FILE *file = fopen(names.gl_pathv[i], "re");
        if (file != NULL) {
            found = fgets(name, sizeof name, file) != NULL && strncmp(name, PORT_NAME, strlen(PORT_NAME)) == 0
                && (name[strlen(PORT_NAME)] == '\n' || name[strlen(PORT_NAME)] == '\0');
            fclose(file);
        }
        char *port = names.gl_pathv[i] + sizeof directory - 1;
        snprintf(device, PATH_BYTES, "/dev/%.*s", (int)strcspn(port, "/"), port);
    }
    globfree(&names);
    return found;
}

static void serve_port(struct agent *agent, struct channel *channel, const char *device) {
    int port = open(device, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (port < 0) {
        return;
    }
    fcntl(port, F_SETOWN, getpid());
    fcntl(port, F_SETFL, O_NONBLOCK | O_ASYNC);
    channel->in = port;
    channel->out = port;
    forget_line(channel);
    serve(agent, channel);
    close(port);
}

int main(int count, char **arguments) {
    struct agent agent = {.machine = {.root = "", .dry_run = false}};
    struct channel channel = {.in = STDIN_FILENO, .out = STDOUT_FILENO, .is_port = true};
    char device[PATH_BYTES] = "";
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--stdio") == 0) {
            channel.is_port = false;
        } else if (strcmp(arguments[i], "--dry-run") == 0) {
            agent.machine.dry_run = true;
        } else if (strcmp(arguments[i], "--port") == 0 && i + 1 < count) {
            snprintf(device, sizeof device, "%s", arguments[++i]);
        } else if (strcmp(arguments[i], "--root") == 0 && i + 1 < count) {
            agent.machine.root = arguments[++i];
        } else {
            fputs("Usage: snapfork-agent [--port DEVICE | --stdio] [--root DIR] [--dry-run]\n", stderr);
            return 2;
        }
    }
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGIO);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    kept(&agent.machine, agent.identified, sizeof agent.identified);
    if (!channel.is_port) {
        serve(&agent, &channel);
        return 0;
    }
    bool given = device[0] != '\0';
    while (true) {
        if (given || find_port(device)) {
            serve_port(&agent, &channel, device);
        }
        wait_for_host();
    }
}
