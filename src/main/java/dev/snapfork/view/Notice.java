package dev.snapfork.view;

import java.util.List;

/** What the projection tells the API processes through PostgreSQL: these operations can be read now. */
record Notice(Kind kind, List<String> operations) {
    static final String CHANNEL = "snapfork_operations";

    /** PostgreSQL takes payloads below 8000 bytes; an id and its comma are 25. */
    static final int MAX_IDS = 300;

    enum Kind {
        ACCEPTED,
        SETTLED
    }

    static Notice parse(String text) {
        var colon = text.indexOf(':');
        return new Notice(
                Kind.valueOf(text.substring(0, colon)),
                List.of(text.substring(colon + 1).split(",", -1)));
    }

    @Override
    public String toString() {
        return kind + ":" + String.join(",", operations);
    }
}
