package dev.snapfork.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.instance.ByteSize;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.IdentityWish;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.instance.RequestedMachine;
import dev.snapfork.instance.SnapshotPolicy;
import dev.snapfork.log.UnreadableRecordException;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.ScheduleId;
import dev.snapfork.snapshot.SchedulePlan;
import dev.snapfork.snapshot.ScheduleRetention;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.TargetState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The wire form is frozen: commands written by one version are read by the next. */
class CommandCodecTest {
    private static final OperationId OPERATION = new OperationId("o".repeat(24));
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456Z");
    private static final SnapshotId S = new SnapshotId("s".repeat(24));
    private static final InstanceId I = new InstanceId("i".repeat(24));
    private static final CompressionConfig ZSTD = CompressionConfig.of(CompressionAlgorithm.ZSTD, 3);

    static Stream<Arguments> golden() {
        return Stream.of(
                Arguments.of(
                        new Command.ImportInstance(
                                I,
                                "vm",
                                Hypervisor.QEMU,
                                InstanceState.STANDBY,
                                "a/b",
                                Map.of("k", "v"),
                                new SnapshotPolicy(ZSTD, GoDuration.parse("30s"))),
                        "dev.snapfork.command.instance.import.v1",
                        I.value(),
                        """
                        {"instance":"I","name":"vm","hypervisor":"qemu","state":"Standby","directory":"a/b","tags":{"k":"v"},\
                        "snapshot_policy":{"compression":{"enabled":true,"algorithm":"zstd","level":3},\
                        "standby_compression_delay":"30s"}}"""),
                Arguments.of(
                        new Command.SetSchedule(
                                I,
                                new SchedulePlan(
                                        GoDuration.parse("24h"),
                                        "p",
                                        Map.of("k", "v"),
                                        new ScheduleRetention(7L, GoDuration.parse("168h")))),
                        "dev.snapfork.command.schedule.set.v1",
                        I.value(),
                        """
                        {"instance":"I","plan":{"interval":"24h0m0s","name_prefix":"p","metadata":{"k":"v"},\
                        "retention":{"max_count":7,"max_age":"168h0m0s"}}}"""),
                Arguments.of(
                        new Command.DeleteSchedule(new ScheduleId("s".repeat(24)), I, true),
                        "dev.snapfork.command.schedule.delete.v1",
                        I.value(),
                        "{\"schedule\":\"S\",\"instance\":\"I\",\"orphan\":true}"),
                Arguments.of(
                        new Command.RunSchedule(new ScheduleId("s".repeat(24)), I, S, 4, NOW, "why"),
                        "dev.snapfork.command.schedule.run.v1",
                        I.value(),
                        """
                        {"schedule":"S","instance":"I","snapshot":"S","run":4,"due":"2026-03-01T10:00:00.123456Z",\
                        "missed":"why"}"""),
                Arguments.of(
                        new Command.DeleteInstance(I),
                        "dev.snapfork.command.instance.delete.v1",
                        I.value(),
                        "{\"instance\":\"I\"}"),
                Arguments.of(
                        new Command.CreateInstance(
                                I,
                                "vm",
                                new RequestedMachine(
                                        Hypervisor.QEMU_MICROVM,
                                        "alpine:3",
                                        4,
                                        new ByteSize(256L << 20),
                                        new ByteSize(1L << 30),
                                        true,
                                        Map.of("PORT", "80"),
                                        Map.of("k", "v"),
                                        new SnapshotPolicy(ZSTD, GoDuration.parse("30s")),
                                        Map.of("cmd", List.of("sh", 1)))),
                        "dev.snapfork.command.instance.create.v1",
                        I.value(),
                        """
                        {"instance":"I","name":"vm","machine":{"hypervisor":"qemu-microvm","image":"alpine:3","vcpus":4,\
                        "size":"256MB","overlay_size":"1GB","network":true,"env":{"PORT":"80"},"tags":{"k":"v"},\
                        "snapshot_policy":{"compression":{"enabled":true,"algorithm":"zstd","level":3},\
                        "standby_compression_delay":"30s"},"further":{"cmd":["sh",1]}}}"""),
                Arguments.of(
                        new Command.StartInstance(I),
                        "dev.snapfork.command.instance.start.v1",
                        I.value(),
                        "{\"instance\":\"I\"}"),
                Arguments.of(
                        new Command.StopInstance(I),
                        "dev.snapfork.command.instance.stop.v1",
                        I.value(),
                        "{\"instance\":\"I\"}"),
                Arguments.of(
                        new Command.StandbyInstance(I, ZSTD, GoDuration.parse("90s")),
                        "dev.snapfork.command.instance.standby.v1",
                        I.value(),
                        """
                        {"instance":"I","compression":{"enabled":true,"algorithm":"zstd","level":3},\
                        "compression_delay":"1m30s"}"""),
                Arguments.of(
                        new Command.RestoreInstance(I),
                        "dev.snapfork.command.instance.restore.v1",
                        I.value(),
                        "{\"instance\":\"I\"}"),
                Arguments.of(
                        new Command.ForkInstance(
                                I,
                                new InstanceId("f".repeat(24)),
                                "n",
                                true,
                                TargetState.RUNNING,
                                IdentityWish.REQUIRED),
                        "dev.snapfork.command.instance.fork.v1",
                        I.value(),
                        """
                        {"source":"I","instance":"ffffffffffffffffffffffff","name":"n","from_running":true,\
                        "target_state":"Running","identity":"required"}"""),
                Arguments.of(
                        new Command.CompressStandby(I, 7, ZSTD),
                        "dev.snapfork.command.instance.compress.v1",
                        I.value(),
                        """
                        {"instance":"I","standby":7,"compression":{"enabled":true,"algorithm":"zstd","level":3}}"""),
                Arguments.of(
                        new Command.CreateSnapshot(S, I, SnapshotKind.STANDBY, "n", Map.of(), ZSTD),
                        "dev.snapfork.command.snapshot.create.v1",
                        I.value(),
                        """
                        {"snapshot":"S","instance":"I","snapshot_kind":"Standby","name":"n","tags":{},\
                        "compression":{"enabled":true,"algorithm":"zstd","level":3}}"""),
                Arguments.of(
                        new Command.RestoreSnapshot(I, S, TargetState.STANDBY, null),
                        "dev.snapfork.command.snapshot.restore.v1",
                        I.value(),
                        "{\"instance\":\"I\",\"snapshot\":\"S\",\"target_state\":\"Standby\"}"),
                Arguments.of(
                        new Command.ForkSnapshot(S, I, "f", null, Hypervisor.VZ),
                        "dev.snapfork.command.snapshot.fork.v1",
                        I.value(),
                        "{\"snapshot\":\"S\",\"instance\":\"I\",\"name\":\"f\",\"target_hypervisor\":\"vz\"}"),
                Arguments.of(
                        new Command.ForkSnapshot(S, I, "f", TargetState.RUNNING, null, IdentityWish.OPTIONAL),
                        "dev.snapfork.command.snapshot.fork.v1",
                        I.value(),
                        """
                        {"snapshot":"S","instance":"I","name":"f","target_state":"Running","identity":"optional"}"""),
                Arguments.of(
                        new Command.CompressSnapshot(S, ZSTD),
                        "dev.snapfork.command.snapshot.compress.v1",
                        S.value(),
                        "{\"snapshot\":\"S\",\"compression\":{\"enabled\":true,\"algorithm\":\"zstd\",\"level\":3}}"),
                Arguments.of(
                        new Command.VerifySnapshot(S, true),
                        "dev.snapfork.command.snapshot.verify.v1",
                        S.value(),
                        "{\"snapshot\":\"S\",\"scheduled\":true}"),
                Arguments.of(
                        new Command.DeleteSnapshot(S),
                        "dev.snapfork.command.snapshot.delete.v1",
                        S.value(),
                        "{\"snapshot\":\"S\"}"));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String header(Headers headers, String name) {
        return text(headers.lastHeader(name).value());
    }

    @ParameterizedTest
    @MethodSource("golden")
    void aCommandHasItsFrozenFormAndIsReadBack(Command command, String type, String key, String json) {
        var envelope = new CommandEnvelope(OPERATION, NOW, command);

        var headers = CommandCodec.attributes(envelope).headers();
        var data = CommandCodec.data(envelope);

        assertThat(header(headers, "ce_type")).isEqualTo(type);
        assertThat(header(headers, "ce_id")).isEqualTo(OPERATION.value());
        assertThat(header(headers, "ce_subject")).isEqualTo(key).isEqualTo(command.key());
        assertThat(header(headers, "ce_time")).isEqualTo("2026-03-01T10:00:00.123456Z");
        assertThat(text(data).replace(S.value(), "S").replace(I.value(), "I")).isEqualTo(json);
        assertThat(CommandCodec.decode(headers, data)).isEqualTo(envelope);
    }

    @Test
    void everyCommandHasAGoldenForm() {
        assertThat(golden().<Class<?>>map(arguments ->
                                Objects.requireNonNull(arguments.get()[0]).getClass())
                        .distinct())
                .containsExactlyInAnyOrder(Command.class.getPermittedSubclasses());
    }

    @Test
    void aFieldThatALaterVersionAddsIsPassedOver() {
        var envelope = new CommandEnvelope(OPERATION, NOW, new Command.DeleteSnapshot(S));
        var data =
                text(CommandCodec.data(envelope)).replace("}", ",\"later\":1}").getBytes(StandardCharsets.UTF_8);

        assertThat(CommandCodec.decode(CommandCodec.attributes(envelope).headers(), data))
                .isEqualTo(envelope);
    }

    @Test
    void whatCannotBeReadSaysSo() {
        var envelope = new CommandEnvelope(OPERATION, NOW, new Command.DeleteSnapshot(S));
        var headers = CommandCodec.attributes(envelope).headers();
        var data = CommandCodec.data(envelope);

        assertThatThrownBy(() -> CommandCodec.decode(headers, null)).isInstanceOf(UnreadableRecordException.class);
        assertThatThrownBy(() -> CommandCodec.decode(headers, "{".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableRecordException.class);
        assertThatThrownBy(
                        () -> CommandCodec.decode(headers, "{\"snapshot\":\"../x\"}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableRecordException.class);
        assertThatThrownBy(() -> CommandCodec.decode(headers, "{}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableRecordException.class);
        for (var name : new String[] {"ce_specversion", "ce_id", "ce_type", "ce_time"}) {
            var incomplete = CommandCodec.attributes(envelope).headers().remove(name);
            assertThatThrownBy(() -> CommandCodec.decode(incomplete, data))
                    .as(name)
                    .isInstanceOf(UnreadableRecordException.class);
        }
        var unknown = CommandCodec.attributes(envelope).headers().remove("ce_type");
        unknown.add("ce_type", "dev.snapfork.command.snapshot.paint.v1".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> CommandCodec.decode(unknown, data)).hasMessageContaining("paint");
    }
}
