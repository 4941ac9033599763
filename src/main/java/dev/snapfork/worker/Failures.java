package dev.snapfork.worker;

import dev.snapfork.file.DiskTrouble;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.store.BusyException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says what went wrong with the payload store in words for whoever asked, without the service's own paths, and what to do. */
final class Failures {
    private static final String NO_SPACE =
            "no space left on the data directory's filesystem: free some, by deleting snapshots or instances, and try again";
    private static final String DISK_FAILING =
            "the data directory's disk does not read or write (Input/output error): have it checked, then try again";

    private Failures() {}

    static boolean isOutOfSpace(IOException e) {
        return DiskTrouble.of(e).filter(trouble -> trouble == DiskTrouble.FULL).isPresent();
    }

    /** Whether the same work may succeed a little later. */
    static boolean mayPass(IOException e) {
        if (e instanceof NoPlaceException) {
            return false;
        }
        return e instanceof ContentionException
                || e instanceof BusyException
                || e instanceof NoSuchFileException
                || DiskTrouble.of(e).isPresent();
    }

    static Outcome.Failed unexpected(OperationId operation) {
        return new Outcome.Failed(
                RefusalCode.INTERNAL_ERROR, "unexpected failure; the worker's log has it under operation " + operation);
    }

    /** What was made is there, but it may be gone after a power cut. */
    static Outcome unconfirmed(Outcome why) {
        return why instanceof Outcome.Failed(var code, var reason)
                ? new Outcome.Failed(code, "it was done, but the disk has not confirmed that it will stay: " + reason)
                : why;
    }

    static Outcome.Failed of(IOException e) {
        return because(explain(e instanceof NoPlaceException && e.getCause() instanceof IOException why ? why : e));
    }

    /** The failure that was explained so. */
    static Outcome.Failed because(String explanation) {
        return new Outcome.Failed(
                explanation.equals(NO_SPACE) ? RefusalCode.INSUFFICIENT_RESOURCES : RefusalCode.INTERNAL_ERROR,
                explanation);
    }

    /** Of a handler that threw what nobody expects. */
    static Outcome.Failed buried(OperationId operation, String letter) {
        var failed = unexpected(operation);
        return new Outcome.Failed(
                failed.code(), failed.reason() + ", and its command lies among the dead letters as " + letter);
    }

    static String explain(IOException e) {
        var trouble = DiskTrouble.of(e);
        if (trouble.isPresent()) {
            return switch (trouble.get()) {
                case FULL -> NO_SPACE;
                case FAILING -> DISK_FAILING;
                case SHORT -> "the worker's system is short of something, try again later: " + text(e);
            };
        }
        if (e instanceof BusyException || e instanceof ContentionException) {
            return text(e) + ": try again";
        }
        return e instanceof NoSuchFileException ? "a file of the payload went away while it was read" : text(e);
    }

    private static String text(IOException e) {
        var message = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}
