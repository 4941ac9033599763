#define _GNU_SOURCE
#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~:/,";

void append(struct text *text, const char *bytes) {
    size_t length = strnlen(bytes, LINE_BYTES - text->length);
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

static void append_value(struct text *text, const char *value) {
    for (; *value != '\0'; value++) {
        char encoded[4] = {*value, '\0'};
        if (strchr(PLAIN, *value) == NULL) {
            snprintf(encoded, sizeof encoded, "%%%02X", (unsigned)(unsigned char)*value);
        }
        append(text, encoded);
    }
}

void append_field(struct text *text, const char *key, const char *value, const char *more) {
    append(text, " ");
    append(text, key);
    append(text, "=");
    append_value(text, value);
    append_value(text, more);
}

static int hex_digit(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

/* Returns -1 if these are no two digits. */
static int hex_pair(const char *digits) {
    int high = hex_digit(digits[0]);
    int low = high < 0 ? -1 : hex_digit(digits[1]);
    return low < 0 ? -1 : high * 16 + low;
}

size_t parse_hex(const char *text, uint8_t *bytes, size_t most) {
    size_t count = strlen(text) / 2;
    if (strlen(text) % 2 != 0 || count > most) {
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        int byte = hex_pair(text + 2 * i);
        if (byte < 0) {
            return 0;
        }
        bytes[i] = (uint8_t)byte;
    }
    return count;
}

bool parse_nanos(const char *text, int64_t *nanos) {
    char *end;
    errno = 0;
    *nanos = strtoll(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && errno == 0 && *end == '\0';
}

bool is_id(const char *text) {
    size_t length = strlen(text);
    return length > 0 && length <= ID_BYTES && strspn(text, LETTERS) == length;
}

/* Decodes in place. No value has control characters. */
static bool decode(char *value) {
    char *to = value;
    for (const char *from = value; *from != '\0'; from++) {
        int byte = (unsigned char)*from;
        if (byte == '%') {
            byte = hex_pair(from + 1);
            from += 2;
        }
        if (byte < ' ' || byte == 0x7f) {
            return false;
        }
        *to++ = (char)byte;
    }
    *to = '\0';
    return true;
}

const char *value_of(const struct request *request, const char *key) {
    for (int i = 0; i < request->count; i++) {
        if (strcmp(request->fields[i].key, key) == 0) {
            return request->fields[i].value;
        }
    }
    return NULL;
}

static const char *parse_fields(char *rest, struct request *request) {
    char *word;
    while ((word = strsep(&rest, " ")) != NULL) {
        char *equals = strchr(word, '=');
        if (equals == NULL || equals == word || request->count == FIELDS) {
            return "expected at most 16 fields of the form key=value, one space before each";
        }
        *equals = '\0';
        if (value_of(request, word) != NULL) {
            return "a key stands there twice";
        }
        if (!decode(equals + 1)) {
            return "a value is not percent-encoded text";
        }
        request->fields[request->count++] = (struct field){.key = word, .value = equals + 1};
    }
    return NULL;
}

const char *parse_request(char *line, struct request *request) {
    *request = (struct request){.id = "-", .verb = ""};
    for (const char *byte = line; *byte != '\0'; byte++) {
        if (*byte < ' ' || *byte > '~') {
            return "a line has other characters than printable ASCII";
        }
    }
    char *rest = line;
    const char *protocol = strsep(&rest, " ");
    const char *id = strsep(&rest, " ");
    const char *verb = strsep(&rest, " ");
    if (verb == NULL || !is_id(id)) {
        return "expected " PROTOCOL ", an id, a verb and fields";
    }
    request->id = id;
    request->verb = verb;
    request->foreign = strcmp(protocol, PROTOCOL) != 0;
    return request->foreign ? "this agent speaks " PROTOCOL : parse_fields(rest, request);
}
