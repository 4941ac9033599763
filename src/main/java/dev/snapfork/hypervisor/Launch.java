package dev.snapfork.hypervisor;

/** How starting a machine went. */
public sealed interface Launch {
    /** It is there: running if it was booted, standing still if it was loaded. */
    record Launched(RunningMachine machine) implements Launch {}

    /** Nothing was started, and the same request would be refused again here. */
    record Refused(Reason reason, String message) implements Launch {}

    /**
     * The monitor was started and did not come as far; its process has ended.
     *
     * @param message with the monitor's last words
     */
    record Failed(String message) implements Launch {}

    /** Why nothing was started. */
    enum Reason {
        /** The monitor is not installed, or cannot do that. */
        NOT_SUPPORTED,
        /** Saved by another version, on another processor, or of another machine than the one that is wanted. */
        INCOMPATIBLE,
        /** What was saved is not there, or not as large as it was. */
        DAMAGED,
        /** The request makes no machine. */
        INVALID
    }
}
