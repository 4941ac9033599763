package dev.snapfork.platform;

import java.util.List;

/** What the schema refuses: unreadable, missing, of the wrong type or out of range; and what the contract has a code of its own for. */
public final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String explanation;
    private final transient List<ApiError.Detail> details;

    public BadRequestException(String message) {
        this(message, List.of());
    }

    /** @param code where it is not {@code Bad Request} */
    public BadRequestException(String code, String message) {
        this(code, message, List.of());
    }

    public BadRequestException(String message, List<ApiError.Detail> details) {
        this(ApiError.BAD_REQUEST, message, details);
    }

    private BadRequestException(String code, String message, List<ApiError.Detail> details) {
        super(message, null, false, false);
        this.code = code;
        explanation = message;
        this.details = List.copyOf(details);
    }

    public String code() {
        return code;
    }

    /** What is wrong and what to change. */
    public String explanation() {
        return explanation;
    }

    public List<ApiError.Detail> details() {
        return details;
    }
}
