package dev.snapfork.worker;

import dev.snapfork.operation.OperationId;
import java.io.IOException;
import java.nio.file.FileSystemException;

/** Says what went wrong with the payload store in words for whoever asked, without the service's own paths. */
final class Failures {
    private Failures() {}

    static boolean isOutOfSpace(IOException e) {
        return e.toString().contains("No space left");
    }

    static String unexpected(OperationId operation) {
        return "unexpected failure; the worker's log has it under operation " + operation;
    }

    /** Of a handler that threw what nobody expects. */
    static String buried(OperationId operation, String letter) {
        return unexpected(operation) + ", and its command lies among the dead letters as " + letter;
    }

    static String explain(IOException e) {
        var message = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
        var text = message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
        return isOutOfSpace(e) ? "no space left on the data directory's filesystem: free some and try again" : text;
    }
}
