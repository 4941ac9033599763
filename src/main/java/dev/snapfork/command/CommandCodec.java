package dev.snapfork.command;

import dev.snapfork.log.CloudEvent;
import dev.snapfork.log.KeptText;
import dev.snapfork.log.UnreadableRecordException;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.OperationId;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The frozen wire form of commands: a CloudEvent whose type is {@code dev.snapfork.command.<kind>.v1}. */
public final class CommandCodec {
    private static final String SOURCE = "/snapfork/api";

    private CommandCodec() {}

    public static CloudEvent attributes(CommandEnvelope envelope) {
        var command = envelope.command();
        return new CloudEvent(
                envelope.id().value(), type(command), SOURCE, command.key(), envelope.issuedAt(), Map.of());
    }

    public static byte[] data(CommandEnvelope envelope) {
        return WireJson.bytes(envelope.command());
    }

    /** @throws UnreadableRecordException if this is no command that this version knows */
    public static CommandEnvelope decode(Headers headers, byte @Nullable [] value) {
        if (value == null) {
            throw new UnreadableRecordException("a command without a value");
        }
        var event = CloudEvent.of(headers);
        KeptText.require(value);
        try {
            var command = WireJson.read(value, commandType(event.type()));
            Objects.requireNonNull(command.key(), "key");
            return new CommandEnvelope(new OperationId(event.id()), event.time(), command);
        } catch (IllegalArgumentException | NullPointerException e) {
            // The key is made of the ids that every command has.
            throw new UnreadableRecordException("bad command: " + e.getMessage(), e);
        }
    }

    private static String type(Command command) {
        return switch (command) {
            case Command.ImportInstance c -> "dev.snapfork.command.instance.import.v1";
            case Command.DeleteInstance c -> "dev.snapfork.command.instance.delete.v1";
            case Command.CreateInstance c -> "dev.snapfork.command.instance.create.v1";
            case Command.StartInstance c -> "dev.snapfork.command.instance.start.v1";
            case Command.StopInstance c -> "dev.snapfork.command.instance.stop.v1";
            case Command.StandbyInstance c -> "dev.snapfork.command.instance.standby.v1";
            case Command.RestoreInstance c -> "dev.snapfork.command.instance.restore.v1";
            case Command.ForkInstance c -> "dev.snapfork.command.instance.fork.v1";
            case Command.CompressStandby c -> "dev.snapfork.command.instance.compress.v1";
            case Command.CreateSnapshot c -> "dev.snapfork.command.snapshot.create.v1";
            case Command.RestoreSnapshot c -> "dev.snapfork.command.snapshot.restore.v1";
            case Command.ForkSnapshot c -> "dev.snapfork.command.snapshot.fork.v1";
            case Command.CompressSnapshot c -> "dev.snapfork.command.snapshot.compress.v1";
            case Command.VerifySnapshot c -> "dev.snapfork.command.snapshot.verify.v1";
            case Command.DeleteSnapshot c -> "dev.snapfork.command.snapshot.delete.v1";
            case Command.SetSchedule c -> "dev.snapfork.command.schedule.set.v1";
            case Command.DeleteSchedule c -> "dev.snapfork.command.schedule.delete.v1";
            case Command.RunSchedule c -> "dev.snapfork.command.schedule.run.v1";
        };
    }

    private static Class<? extends Command> commandType(String type) {
        return switch (type) {
            case "dev.snapfork.command.instance.import.v1" -> Command.ImportInstance.class;
            case "dev.snapfork.command.instance.delete.v1" -> Command.DeleteInstance.class;
            case "dev.snapfork.command.instance.create.v1" -> Command.CreateInstance.class;
            case "dev.snapfork.command.instance.start.v1" -> Command.StartInstance.class;
            case "dev.snapfork.command.instance.stop.v1" -> Command.StopInstance.class;
            case "dev.snapfork.command.instance.standby.v1" -> Command.StandbyInstance.class;
            case "dev.snapfork.command.instance.restore.v1" -> Command.RestoreInstance.class;
            case "dev.snapfork.command.instance.fork.v1" -> Command.ForkInstance.class;
            case "dev.snapfork.command.instance.compress.v1" -> Command.CompressStandby.class;
            case "dev.snapfork.command.snapshot.create.v1" -> Command.CreateSnapshot.class;
            case "dev.snapfork.command.snapshot.restore.v1" -> Command.RestoreSnapshot.class;
            case "dev.snapfork.command.snapshot.fork.v1" -> Command.ForkSnapshot.class;
            case "dev.snapfork.command.snapshot.compress.v1" -> Command.CompressSnapshot.class;
            case "dev.snapfork.command.snapshot.verify.v1" -> Command.VerifySnapshot.class;
            case "dev.snapfork.command.snapshot.delete.v1" -> Command.DeleteSnapshot.class;
            case "dev.snapfork.command.schedule.set.v1" -> Command.SetSchedule.class;
            case "dev.snapfork.command.schedule.delete.v1" -> Command.DeleteSchedule.class;
            case "dev.snapfork.command.schedule.run.v1" -> Command.RunSchedule.class;
            default -> throw new UnreadableRecordException("unknown command type " + type);
        };
    }
}
