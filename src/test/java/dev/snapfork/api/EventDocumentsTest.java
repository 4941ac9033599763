package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.event.EventType;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EventDocumentsTest {
    private final ApiClient api = ApiClient.ofTheService().authorizedBy(null);

    @Test
    void theDocumentNamesEveryTypeWithTheSchemaThatIsServed() {
        var document = api.get("/asyncapi").expect(200).json();

        assertThat(document.get("asyncapi").asText()).isEqualTo("3.0.0");
        var messages = document.at("/components/messages");
        var named = new HashSet<String>();
        messages.fieldNames().forEachRemaining(named::add);
        named.remove("progress");
        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(EventType.values())
                        .map(EventType::wireName)
                        .toList());
        for (var type : named) {
            var served = api.get("/schemas/" + type).expect(200);
            assertThat(messages.get(type).at("/payload/$ref").asText())
                    .isEqualTo(served.text("$ref").replace("#/$defs/", "#/components/schemas/"));
            served.json().get("$defs").properties().forEach(definition -> assertThat(
                            document.at("/components/schemas/" + definition.getKey())
                                    .toString())
                    .as(type + " " + definition.getKey())
                    .isEqualTo(definition.getValue().toString().replace("#/$defs/", "#/components/schemas/")));
            assertThat(document.at("/channels/events/messages").has(type)).isTrue();
        }
    }

    @Test
    void itsHeadersAreThoseOfTheLog() {
        var snapshots = new Snapshots(ApiClient.ofTheService());
        var id = snapshots.take(Guests.ofTheService(ApiClient.ofTheService()).newStandby(), "Standby");
        var entry = EventLog.read(
                        any -> id.equals(any.raw().key()),
                        any -> id.equals(any.raw().key()))
                .getFirst();

        var headers = api.get("/asyncapi").expect(200).json().at("/components/schemas/CloudEventHeaders");

        var there = new HashSet<String>();
        entry.raw().headers().forEach(header -> there.add(header.key()));
        there.remove("content-type");
        var described = new HashSet<String>();
        headers.get("properties").fieldNames().forEachRemaining(described::add);
        var required =
                headers.get("required").valueStream().map(name -> name.asText()).toList();
        assertThat(described).containsAll(there);
        assertThat(there).containsAll(required);
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        var document = api.get("/asyncapi").expect(200).json();

        assertThat(document.findValuesAsText("$ref")).isNotEmpty().allSatisfy(reference -> assertThat(
                        document.at(reference.substring(1)).isObject())
                .as(reference)
                .isTrue());
    }

    @Test
    void aTypeThatIsNotThereHasNoSchema() {
        for (var type : List.of("dev.snapfork.snapshot.created.v2", "x", "..")) {
            assertThat(api.get("/schemas/" + type).status()).as(type).isEqualTo(404);
        }
    }
}
