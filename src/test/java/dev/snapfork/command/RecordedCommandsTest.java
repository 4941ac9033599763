package dev.snapfork.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.contract.RecordedRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands in the log when a process is updated, and those of an API that is not updated yet, mean what they meant. */
class RecordedCommandsTest {
    private static final String LOG = "commands";

    static Stream<Path> files() throws IOException {
        publish();
        return RecordedRecord.files(LOG).stream();
    }

    /** The forms of now, under names that say the type; of a type with several the second and third have a number. */
    private static void publish() throws IOException {
        var counts = new HashMap<String, Integer>();
        for (var golden : CommandCodecTest.golden().toList()) {
            var command = (Command) Objects.requireNonNull(golden.get()[0]);
            var envelope = new CommandEnvelope(
                    new dev.snapfork.operation.OperationId("o".repeat(24)),
                    Instant.parse("2026-03-01T10:00:00.123456Z"),
                    command);
            var type = Objects.requireNonNull(golden.get()[1]).toString();
            var count = counts.merge(type, 1, Integer::sum);
            written(envelope).publish(LOG, count == 1 ? type : type + "-" + count);
        }
    }

    private static RecordedRecord written(CommandEnvelope envelope) throws IOException {
        return RecordedRecord.of(CommandCodec.attributes(envelope).headers(), CommandCodec.data(envelope));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aRecordedCommandIsReadAndNothingOfItIsPassedOver(Path file) throws IOException {
        var recorded = RecordedRecord.read(file);

        var envelope = CommandCodec.decode(recorded.kafkaHeaders(), recorded.bytes());

        assertThat(recorded.lostIn(written(envelope))).isEmpty();
    }

    @Test
    void everyCommandIsRecorded() throws IOException {
        List<Class<?>> types = new ArrayList<>();
        for (var file : files().toList()) {
            var recorded = RecordedRecord.read(file);
            types.add(CommandCodec.decode(recorded.kafkaHeaders(), recorded.bytes())
                    .command()
                    .getClass());
        }

        assertThat(types.stream().distinct().toList())
                .as("a new command is recorded with -Drecords.publish=true")
                .containsExactlyInAnyOrder(Command.class.getPermittedSubclasses());
    }
}
