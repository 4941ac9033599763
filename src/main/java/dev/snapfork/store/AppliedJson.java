package dev.snapfork.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.operation.IdentityReset;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.Particulars;
import java.time.Instant;

/** The part of our own data that both kinds of manifest have: the version and what has been applied. */
final class AppliedJson {
    private static final String VERSION = "version";
    private static final String OPERATIONS = "applied_operations";
    private static final String EVENT = "last_event";

    private AppliedJson() {}

    static long readVersion(Fields ours) throws DamagedRecordException {
        var version = ours.number(VERSION);
        if (version == null || version < 1) {
            throw ours.wrong(VERSION, "is not a version");
        }
        return version;
    }

    static Applied read(Fields ours) throws DamagedRecordException {
        var event = ours.object(EVENT);
        var operations = ours.parsedAll(OPERATIONS, OperationId::new);
        if (event == null) {
            return new Applied(operations, null);
        }
        var time = event.time("time");
        return new Applied(
                operations,
                new LastEvent(
                        event.required("type", text -> text),
                        event.parsed("operation_id", OperationId::new),
                        time == null ? Instant.EPOCH : time,
                        event.nonEmptyText("about"),
                        particulars(event)));
    }

    private static Particulars particulars(Fields event) throws DamagedRecordException {
        var identity = event.object("identity");
        return new Particulars(
                event.count("pause_ms"),
                identity == null
                        ? null
                        : new IdentityReset(identity.parsedAll("reset", text -> text), identity.texts("not_reset")));
    }

    private static void write(ObjectNode event, Particulars particulars) {
        if (particulars.pauseMs() != null) {
            event.set("pause_ms", ManifestFile.number(particulars.pauseMs()));
        }
        var identity = particulars.identity();
        if (identity != null) {
            var node = event.putObject("identity");
            var reset = node.putArray("reset");
            identity.reset().forEach(reset::add);
            var notReset = node.putObject("not_reset");
            identity.notReset().forEach(notReset::put);
        }
    }

    static void write(ObjectNode ours, long version, Applied applied) {
        ours.set(VERSION, ManifestFile.number(version));
        var operations = ours.putArray(OPERATIONS);
        applied.operations().forEach(operation -> operations.add(operation.value()));
        var last = applied.last();
        if (last == null) {
            ours.remove(EVENT);
            return;
        }
        var event = ours.putObject(EVENT).put("type", last.type());
        if (last.operation() != null) {
            event.put("operation_id", last.operation().value());
        }
        event.put("time", last.time().toString());
        if (last.about() != null) {
            event.put("about", last.about());
        }
        write(event, last.particulars());
    }
}
