package dev.snapfork.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.instance.SnapshotPolicy;
import dev.snapfork.platform.ApiError;
import dev.snapfork.platform.BadRequestException;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.TargetState;
import jakarta.ws.rs.NotSupportedException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBodiesTest {
    private static final RequestBodies BODIES = new RequestBodies();

    @Test
    void everyFieldOfASnapshotRequestIsRead() {
        var request = create("""
                {"kind": "Standby", "name": "a-1", "tags": {"team": "x y"},
                 "compression": {"enabled": true, "algorithm": "lz4", "level": 9}}""");

        assertThat(request)
                .isEqualTo(new CreateSnapshotRequest(
                        SnapshotKind.STANDBY,
                        "a-1",
                        Map.of("team", "x y"),
                        CompressionConfig.of(CompressionAlgorithm.LZ4, 9)));
    }

    @Test
    void everyFieldOfAnImportRequestIsRead() {
        var request = read("ImportInstanceRequest", ImportInstanceRequest.class, """
                {"name": "a", "hypervisor": "qemu-microvm", "state": "Stopped", "directory": "d/e", "tags": {"k": ""},
                 "snapshot_policy": {"compression": {"enabled": false}, "standby_compression_delay": "90s"}}""");

        assertThat(request)
                .isEqualTo(new ImportInstanceRequest(
                        "a",
                        Hypervisor.QEMU_MICROVM,
                        InstanceState.STOPPED,
                        "d/e",
                        Map.of("k", ""),
                        new SnapshotPolicy(CompressionConfig.DISABLED, GoDuration.parse("1m30s"))));
    }

    @Test
    void nullCountsAsLeftOutWhereAFieldIsOptional() {
        assertThat(create("{\"kind\": \"Stopped\", \"name\": null, \"tags\": null, \"compression\": null}"))
                .isEqualTo(create("{\"kind\": \"Stopped\"}"))
                .isEqualTo(new CreateSnapshotRequest(SnapshotKind.STOPPED, null, Map.of(), null));
        assertThat(create(
                                "{\"kind\": \"Standby\", \"compression\": {\"enabled\": true, \"algorithm\": null, \"level\": null}}")
                        .compression())
                .isEqualTo(new CompressionConfig(true, null, null));
        assertThat(read("ForkSnapshotRequest", ForkSnapshotRequest.class, """
                {"name": "f", "target_state": null, "target_hypervisor": null}"""))
                .isEqualTo(new ForkSnapshotRequest("f", null, null, null));
        assertThat(read(
                        "CompressSnapshotRequest",
                        CompressSnapshotRequest.class,
                        "{\"algorithm\":null,\"level\":null}"))
                .isEqualTo(new CompressSnapshotRequest(null, null));
    }

    @Test
    void fieldsThatAreNotKnownArePassedOver() {
        assertThat(read("RestoreSnapshotRequest", RestoreSnapshotRequest.class, """
                {"target_state": "Stopped", "target_hypervisor": "vz", "from_the_future": [{"a": 1}]}"""))
                .isEqualTo(new RestoreSnapshotRequest(TargetState.STOPPED, Hypervisor.VZ));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "{}", "  ", " {} \n"})
    void anEmptyBodyIsAnEmptyObject(String body) {
        var bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);

        assertThat(BODIES.read("RestoreSnapshotRequest", bytes, null, RestoreSnapshotRequest.class))
                .isEqualTo(new RestoreSnapshotRequest(null, null));
        assertThatThrownBy(() -> BODIES.read("ForkSnapshotRequest", bytes, null, ForkSnapshotRequest.class))
                .isInstanceOf(BadRequestException.class)
                .hasMessage("name is required");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON; charset=utf-8",
                "application/json;charset=UTF-8",
                "application/merge-patch+json",
                ""
            })
    void jsonMediaTypesAreTaken(String contentType) {
        assertThat(BODIES.read("RestoreSnapshotRequest", null, contentType, RestoreSnapshotRequest.class))
                .isEqualTo(new RestoreSnapshotRequest(null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonx", "text/foo+json", "*/*"})
    void otherMediaTypesAreRefused(String contentType) {
        assertThatThrownBy(() -> BODIES.read("RestoreSnapshotRequest", null, contentType, RestoreSnapshotRequest.class))
                .isInstanceOf(NotSupportedException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {}                                                     | kind is required
        []                                                     | body: must be an object, got an array
        null                                                   | body: must be an object, got null
        {"kind": "x"}                                          | kind: must be one of Standby, Stopped, got "x"
        {"kind": null}                                         | kind: must be a string, got null
        {"kind": "Stopped", "name": "-a"}                      | name: must match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$, got "-a"
        {"kind": "Stopped", "name": "a\\n"}                    | name: must match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$, got "a\\n"
        {"kind": "Stopped", "name": ""}                        | name: must match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$, got ""
        {"kind": "Stopped", "name": 5}                         | name: must be a string or null, got 5
        {"kind": "Stopped", "tags": []}                        | tags: must be an object, got an array
        {"kind": "Stopped", "tags": {"a": null}}               | tags.a: must be a string, got null
        {"kind": "Stopped", "tags": {"a b": 1}}                | tags["a b"]: must be a string, got 1
        {"kind": "Stopped", "tags": {"a": "é"}}                | tags.a: must match ^[A-Za-z0-9 _.:/=+@-]*$, got "é"
        {"kind": "Stopped", "tags": {"é": "a"}}                | tags: key "é" does not match the regex pattern ^[A-Za-z0-9 _.:/=+@-]+$
        {"kind": "Stopped", "tags": {"": "a"}}                 | tags: a key must not be empty
        {"kind": "Stopped", "compression": "zstd"}             | compression: must be an object, got "zstd"
        {"kind": "Stopped", "compression": {}}                 | compression.enabled is required
        {"kind": "Stopped", "compression": {"enabled": 1}}     | compression.enabled: must be a boolean, got 1
        {"kind": "Stopped", "compression": {"enabled": true, "algorithm": "gzip"}} | compression.algorithm: must be one of zstd, lz4, got "gzip"
        {"kind": "Stopped", "compression": {"enabled": true, "level": -1}}         | compression.level: must be at least 0, got -1
        {"kind": "Stopped", "compression": {"enabled": true, "level": 20}}         | compression.level: must be at most 19, got 20
        {"kind": "Stopped", "compression": {"enabled": true, "level": 1.5}}        | compression.level: must be an integer or null, got 1.5
        {"kind": "Stopped", "compression": {"enabled": true, "level": "1"}}        | compression.level: must be an integer or null, got "1"
        """)
    void theMessageNamesTheFieldTheRuleAndWhatWasSent(String body, String message) {
        assertThatThrownBy(() -> create(body))
                .isInstanceOf(BadRequestException.class)
                .hasMessage(message);
    }

    @Test
    void oneProblemHasNoDetailsAndSeveralHaveOneEach() {
        assertThat(refusal("{}").details()).isEmpty();

        var several = refusal("{\"kind\": \"x\", \"name\": \"A\", \"compression\": {\"level\": 20}}");

        assertThat(several.explanation()).isEqualTo("kind: must be one of Standby, Stopped, got \"x\"");
        assertThat(several.details())
                .extracting(ApiError.Detail::code)
                .containsExactlyInAnyOrder("kind", "name", "compression.enabled", "compression.level");
        assertThat(several.details().getFirst().message()).isEqualTo(several.explanation());
    }

    @ParameterizedTest
    @ValueSource(ints = {51, 1_000, 4_000})
    void tooManyTagsGiveAShortAnswer(int count) {
        var fine = refusal("{\"kind\": \"Stopped\", \"tags\": " + tags(count, "k", "v") + "}");
        var bad = refusal("{\"kind\": \"Stopped\", \"tags\": " + tags(count, "é", "é") + "}");

        assertThat(fine.explanation()).isEqualTo("tags: must have at most 50 entries, got " + count);
        assertThat(bad.details()).hasSize(20);
    }

    @Test
    void aRequestThatUsesEveryFieldToItsLimitIsTaken() {
        var escaped = "\\u002d";
        var tags = IntStream.range(0, 50)
                .mapToObj(i -> "\"%s%02d\":\"%s\"".formatted(escaped.repeat(126), i, escaped.repeat(256)))
                .collect(Collectors.joining(",", "{", "}"));

        assertThat(read("ImportInstanceRequest", ImportInstanceRequest.class, """
                {"name": "%s", "hypervisor": "cloud-hypervisor", "state": "Standby", "directory": "%s", "tags": %s}""".formatted(
                                        "a".repeat(63), escaped.repeat(1024), tags))
                        .tags())
                .hasSize(50);
    }

    @Test
    void valuesAndNamesAreRepeatedUpToAHundredCharacters() {
        var text = "A".repeat(100_000);

        assertThat(refusal("{\"kind\": \"" + text + "\"}").explanation())
                .isEqualTo("kind: must be one of Standby, Stopped, got \"" + "A".repeat(100) + "…\"");
        assertThat(refusal("{\"kind\": \"Stopped\", \"name\": \"" + text + "\"}")
                        .explanation())
                .hasSizeLessThan(200);
        assertThat(refusal("{\"kind\": \"Stopped\", \"tags\": {\"" + "é".repeat(40_000) + "\": \"v\"}}")
                        .explanation())
                .hasSizeLessThan(300);
        assertThat(refusal("{\"kind\": " + text + "}").explanation()).hasSizeLessThan(300);
    }

    @Test
    void aNameThatAlmostMatchesIsRefusedAtOnceHoweverLongItIs() {
        assertThat(refusal("{\"kind\": \"Stopped\", \"name\": \"" + "a-".repeat(60_000) + "\"}")
                        .explanation())
                .startsWith("name: must");
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "5", "1h1x"})
    void aDurationThatIsNoneIsABadRequest(String delay) {
        assertThatThrownBy(() -> read("ImportInstanceRequest", ImportInstanceRequest.class, """
                {"name": "a", "hypervisor": "qemu", "state": "Stopped", "directory": "d",
                 "snapshot_policy": {"standby_compression_delay": "%s"}}""".formatted(delay)))
                .isInstanceOf(BadRequestException.class)
                .hasMessage("snapshot_policy.standby_compression_delay: invalid duration \"" + delay
                        + "\": write it like 30s, 5m or 1h30m");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "state": "Running", "directory": "d"   | state: must be one of Stopped, Standby, got "Running"
        "state": "Stopped"                     | directory is required
        "state": "Stopped", "directory": ""    | directory: must have at least 1 character, got 0
        """)
    void anImportNeedsAStateAndADirectory(String fields, String message) {
        assertThatThrownBy(() -> read(
                        "ImportInstanceRequest",
                        ImportInstanceRequest.class,
                        "{\"name\": \"a\", \"hypervisor\": \"qemu\", " + fields + "}"))
                .hasMessage(message);
    }

    private static String tags(int count, String key, String value) {
        return IntStream.range(0, count)
                .mapToObj(i -> '"' + key + i + "\":\"" + value + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static CreateSnapshotRequest create(String body) {
        return read("CreateSnapshotRequest", CreateSnapshotRequest.class, body);
    }

    private static BadRequestException refusal(String body) {
        return catchThrowableOfType(BadRequestException.class, () -> create(body));
    }

    private static <T> T read(String schema, Class<T> type, String body) {
        return BODIES.read(schema, body.getBytes(StandardCharsets.UTF_8), "application/json", type);
    }
}
