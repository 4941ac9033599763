package dev.snapfork.operation;

/** Why a command did not do what it asked for, in words for its caller: what is wrong and what to change. */
public record Refusal(RefusalCode code, String message) {
    /** What a message quotes may hold anything; a NUL is one character that PostgreSQL does not keep. */
    public Refusal {
        message = message.replace('\0', '\uFFFD');
    }

    public static Refusal invalidRequest(String message) {
        return new Refusal(RefusalCode.INVALID_REQUEST, message);
    }

    public static Refusal notFound(String message) {
        return new Refusal(RefusalCode.NOT_FOUND, message);
    }

    public static Refusal conflict(String message) {
        return new Refusal(RefusalCode.CONFLICT, message);
    }

    public static Refusal nameConflict(String message) {
        return new Refusal(RefusalCode.NAME_CONFLICT, message);
    }

    public static Refusal insufficientResources(String message) {
        return new Refusal(RefusalCode.INSUFFICIENT_RESOURCES, message);
    }

    public static Refusal invalidState(String message) {
        return new Refusal(RefusalCode.INVALID_STATE, message);
    }

    public static Refusal snapshotDamaged(String message) {
        return new Refusal(RefusalCode.SNAPSHOT_DAMAGED, message);
    }

    public static Refusal notSupported(String message) {
        return new Refusal(RefusalCode.NOT_SUPPORTED, message);
    }
}
