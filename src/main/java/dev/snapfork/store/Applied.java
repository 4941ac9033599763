package dev.snapfork.store;

import dev.snapfork.operation.OperationId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which commands a manifest already holds the outcome of.
 *
 * @param operations the commands last settled on this manifest, oldest first, at most {@value #KEPT}
 * @param last the event that belongs to the manifest's version; null if it was adopted and has not changed since
 */
public record Applied(
        List<OperationId> operations, @Nullable LastEvent last) {
    /** How many settled commands a manifest remembers; more than can be redelivered to one aggregate at once. */
    public static final int KEPT = 16;

    public static final Applied NOTHING = new Applied(List.of(), null);

    public Applied {
        operations = List.copyOf(operations.subList(Math.max(0, operations.size() - KEPT), operations.size()));
    }

    /** Whether the command's work is in this manifest, so that only its event may have to be published again. */
    public boolean settled(OperationId operation) {
        return operations.contains(operation);
    }

    /** The state has changed and this is the event that says so; no command is settled by that alone. */
    public Applied saying(LastEvent event) {
        return new Applied(operations, event);
    }

    /** The command needs no more work on this aggregate. */
    public Applied settling(OperationId operation) {
        if (settled(operation)) {
            return this;
        }
        var all = new ArrayList<>(operations);
        all.add(operation);
        return new Applied(all, last);
    }
}
