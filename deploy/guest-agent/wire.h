/* The text of requests and answers. */
#ifndef SNAPFORK_WIRE_H
#define SNAPFORK_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROTOCOL "snapfork/1"

enum {
    LINE_BYTES = 4096,
    ID_BYTES = 40,
    FIELDS = 16,
    /* starts a message, and tells the reader to forget what came of the line before it */
    CANCEL = 0x18,
};

struct field {
    const char *key;
    char *value;
};

struct request {
    /* of another protocol, or of another version of this one */
    bool foreign;
    const char *id;
    const char *verb;
    struct field fields[FIELDS];
    int count;
};

/* Grows to the length of a line; what is beyond it is lost. There is room for the end of a string. */
struct text {
    char bytes[LINE_BYTES + 1];
    size_t length;
};

void append(struct text *text, const char *bytes);
void append_field(struct text *text, const char *key, const char *value, const char *more);

/* Takes a line apart, in place. Returns null, or what is wrong with it: request.id is "-" if that is not known then. */
const char *parse_request(char *line, struct request *request);

/* Null where the request has no such field. */
const char *value_of(const struct request *request, const char *key);

bool is_id(const char *text);
bool parse_nanos(const char *text, int64_t *nanos);
/* Reads pairs of hexadecimal digits; returns how many there are, 0 if there are others or more than that many. */
size_t parse_hex(const char *text, uint8_t *bytes, size_t most);

#endif
