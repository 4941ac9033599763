package dev.snapfork.platform;

import java.util.List;

/** What the schema refuses: unreadable, missing, of the wrong type or out of range. */
public final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String explanation;
    private final transient List<ApiError.Detail> details;

    public BadRequestException(String message) {
        this(message, List.of());
    }

    public BadRequestException(String message, List<ApiError.Detail> details) {
        super(message, null, false, false);
        explanation = message;
        this.details = List.copyOf(details);
    }

    /** What is wrong and what to change. */
    public String explanation() {
        return explanation;
    }

    public List<ApiError.Detail> details() {
        return details;
    }
}
