package dev.snapfork.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.contract.RecordedRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Events that are kept for ever, and those of a worker that is not updated yet, mean what they meant. */
class RecordedEventsTest {
    private static final String LOG = "events";

    static Stream<Path> files() throws IOException {
        for (var type : EventType.values()) {
            written(EventSamples.of(type)).publish(LOG, type.wireName());
        }
        return RecordedRecord.files(LOG).stream();
    }

    private static RecordedRecord written(Event event) throws IOException {
        return RecordedRecord.of(EventCodec.attributes(event).headers(), EventCodec.data(event));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aRecordedEventIsReadAndNothingOfItIsPassedOver(Path file) throws IOException {
        var recorded = RecordedRecord.read(file);

        var event = EventCodec.decode(recorded.kafkaHeaders(), recorded.bytes());

        assertThat(recorded.lostIn(written(event))).isEmpty();
    }

    @Test
    void everyTypeIsRecorded() throws IOException {
        var types = new ArrayList<EventType>();
        for (var file : files().toList()) {
            var recorded = RecordedRecord.read(file);
            types.add(
                    EventCodec.decode(recorded.kafkaHeaders(), recorded.bytes()).type());
        }

        assertThat(types)
                .as("a new type is recorded with -Drecords.publish=true")
                .contains(EventType.values());
    }
}
