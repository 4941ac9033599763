#ifndef SNAPFORK_AGENT_H
#define SNAPFORK_AGENT_H

#include "machine.h"
#include "wire.h"

enum { GENERATION_LENGTH = 36 };

struct agent {
    struct machine machine;
    /* the generation of the last identify, a line feed, and the fields that it was answered with */
    char identified[GENERATION_LENGTH + 1 + LINE_BYTES + 1];
};

/* Does what a line asks for, and writes the answer. What is left to do once that has been sent is returned; null for nothing. */
typedef void (*afterwards)(const struct machine *machine);
afterwards handle(struct agent *agent, char *line, struct text *answer);

void refuse_long_line(struct text *answer);

#endif
