package dev.snapfork.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.instance.SnapshotPolicy;
import dev.snapfork.instance.Volume;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SnapshotRulesTest {
    private static final Set<Hypervisor> OFFERED = Set.of(Hypervisor.FIRECRACKER);
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final InstanceId INSTANCE = new InstanceId("i".repeat(24));
    private static final InstanceId OTHER = new InstanceId("o".repeat(24));
    private static final CompressionConfig ZSTD = CompressionConfig.of(CompressionAlgorithm.ZSTD, 3);
    private static final CompressionConfig LZ4 = CompressionConfig.of(CompressionAlgorithm.LZ4, 0);

    private static Instance instance(
            InstanceState state, Hypervisor hypervisor, List<Volume> volumes, @Nullable SnapshotPolicy policy) {
        return new Instance(
                INSTANCE,
                "vm",
                "",
                null,
                state,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                Map.of(),
                null,
                volumes,
                NOW,
                null,
                null,
                null,
                false,
                hypervisor,
                policy,
                1);
    }

    private static Instance instance(InstanceState state) {
        return instance(state, Hypervisor.QEMU, List.of(), null);
    }

    private static Snapshot snapshot(SnapshotKind kind, Hypervisor hypervisor) {
        return new Snapshot(
                new SnapshotId("s".repeat(24)),
                null,
                kind,
                Map.of(),
                INSTANCE,
                "vm",
                hypervisor,
                NOW,
                1,
                CompressionState.NONE,
                null,
                null,
                null,
                null,
                1);
    }

    private static String message(Optional<Refusal> refusal) {
        return refusal.map(why -> why.code().text() + ": " + why.message()).orElse("");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            STANDBY | RUNNING      | ``
            STANDBY | STANDBY      | ``
            STANDBY | STOPPED      | conflict: standby snapshot requires source in Running or Standby, got Stopped
            STANDBY | CREATED      | conflict: standby snapshot requires source in Running or Standby, got Created
            STANDBY | INITIALIZING | conflict: standby snapshot requires source in Running or Standby, got Initializing
            STANDBY | PAUSED       | conflict: standby snapshot requires source in Running or Standby, got Paused
            STANDBY | SHUTDOWN     | conflict: standby snapshot requires source in Running or Standby, got Shutdown
            STANDBY | UNKNOWN      | conflict: standby snapshot requires source in Running or Standby, got Unknown
            STOPPED | STOPPED      | ``
            STOPPED | RUNNING      | conflict: stopped snapshot requires source in Stopped, got Running
            STOPPED | STANDBY      | conflict: stopped snapshot requires source in Stopped, got Standby
            STOPPED | PAUSED       | conflict: stopped snapshot requires source in Stopped, got Paused
            """)
    void theKindFollowsFromTheStateOfTheSource(SnapshotKind kind, InstanceState state, String refusal) {
        assertThat(message(SnapshotRules.create(instance(state), kind))).isEqualTo(refusal);
    }

    @ParameterizedTest
    @CsvSource({"true,true,''", "true,false,v2", "false,true,v1", "false,false,v1"})
    void everyVolumeMustBeReadOnly(boolean first, boolean second, String named) {
        var volumes = List.of(new Volume("v1", "/a", first, false, null), new Volume("v2", "/b", second, true, null));

        var refusal = SnapshotRules.create(
                instance(InstanceState.STOPPED, Hypervisor.QEMU, volumes, null), SnapshotKind.STOPPED);

        assertThat(refusal.map(Refusal::code).isPresent()).isEqualTo(!named.isEmpty());
        assertThat(message(refusal)).contains(named);
        assertThat(refusal.map(Refusal::code).orElse(RefusalCode.NOT_SUPPORTED)).isEqualTo(RefusalCode.NOT_SUPPORTED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            STANDBY | QEMU | -        | -        | -    | -
            STANDBY | QEMU | -        | -        | lz4  | lz4
            STANDBY | QEMU | -        | zstd     | lz4  | zstd
            STANDBY | QEMU | lz4      | zstd     | zstd | lz4
            STANDBY | QEMU | disabled | zstd     | lz4  | -
            STANDBY | QEMU | -        | disabled | lz4  | -
            STANDBY | QEMU | zstd     | disabled | lz4  | zstd
            STOPPED | QEMU | -        | zstd     | lz4  | -
            STANDBY | VZ   | zstd     | zstd     | lz4  | -
            """)
    void theFirstThatSaysAnythingDecidesOnCompression(
            SnapshotKind kind,
            Hypervisor hypervisor,
            @Nullable String request,
            @Nullable String policy,
            @Nullable String server,
            @Nullable String expected) {
        var source = instance(
                InstanceState.STANDBY,
                hypervisor,
                List.of(),
                policy == null ? null : new SnapshotPolicy(config(policy), null));

        var effective = SnapshotRules.effectiveCompression(kind, source, config(request), config(server));

        assertThat(effective.orElse(null)).isEqualTo(config(expected));
    }

    private static @Nullable CompressionConfig config(@Nullable String text) {
        return switch (text) {
            case null -> null;
            case "zstd" -> ZSTD;
            case "lz4" -> LZ4;
            case "disabled" -> CompressionConfig.DISABLED;
            default -> throw new IllegalArgumentException(text);
        };
    }

    @Test
    void nothingIsLeftToDefaultsInTheCompressionInForce() {
        var effective = SnapshotRules.effectiveCompression(
                SnapshotKind.STANDBY, instance(InstanceState.STANDBY), new CompressionConfig(true, null, null), null);

        assertThat(effective).contains(CompressionConfig.of(CompressionAlgorithm.ZSTD, 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            STANDBY | true  | -    | 0  | level must be between 1 and 19 for zstd, got 0
            STANDBY | true  | ZSTD | 20 | level must be between 1 and 19 for zstd, got 20
            STANDBY | true  | ZSTD | -1 | level must be between 1 and 19 for zstd, got -1
            STANDBY | true  | LZ4  | 10 | level must be between 0 and 9 for lz4, got 10
            STANDBY | false | LZ4  | 10 | level must be between 0 and 9 for lz4, got 10
            STOPPED | false | ZSTD | 0  | level must be between 1 and 19 for zstd, got 0
            STOPPED | true  | -    | -  | compression applies to the memory of Standby snapshots
            STANDBY | true  | ZSTD | 1  | -
            STANDBY | true  | ZSTD | 19 | -
            STANDBY | true  | LZ4  | 0  | -
            STANDBY | true  | LZ4  | 9  | -
            STOPPED | false | -    | -  | -
            """)
    void levelsAreCheckedAndNeverClamped(
            SnapshotKind kind,
            boolean enabled,
            @Nullable CompressionAlgorithm algorithm,
            @Nullable Integer level,
            @Nullable String message) {
        var refusal = SnapshotRules.explicitCompression(kind, new CompressionConfig(enabled, algorithm, level));

        assertThat(refusal.isPresent()).isEqualTo(message != null);
        assertThat(message(refusal)).contains(message == null ? "" : "invalid_snapshot_compression: " + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            STANDBY | QEMU | STANDBY | -           | ``
            STANDBY | QEMU | STOPPED | -           | ``
            STANDBY | QEMU | RUNNING | -           | not_supported: no worker runs qemu
            STANDBY | QEMU | STANDBY | QEMU        | invalid_request: target_hypervisor
            STANDBY | QEMU | STOPPED | FIRECRACKER | invalid_request: target_hypervisor
            STANDBY | VZ   | STANDBY | -           | not_supported: a vz snapshot
            STANDBY | VZ   | STOPPED | -           | ``
            STOPPED | QEMU | STOPPED | -           | ``
            STOPPED | QEMU | STOPPED | QEMU        | ``
            STOPPED | QEMU | STOPPED | VZ          | invalid_request: target_hypervisor vz
            STOPPED | QEMU | STANDBY | -           | invalid_request: a Stopped snapshot has no memory
            STOPPED | QEMU | RUNNING | QEMU        | not_supported: no worker runs qemu
            STANDBY | FIRECRACKER | RUNNING | -    | ``
            STOPPED | FIRECRACKER | RUNNING | -    | ``
            STOPPED | QEMU | STOPPED | FIRECRACKER | ``
            STOPPED | QEMU | RUNNING | FIRECRACKER | ``
            STOPPED | FIRECRACKER | RUNNING | QEMU | invalid_request: target_hypervisor qemu
            """)
    void targetsFollowFromTheKind(
            SnapshotKind kind, Hypervisor source, TargetState target, @Nullable Hypervisor hypervisor, String refusal) {
        var answer = message(SnapshotRules.target(snapshot(kind, source), target, hypervisor, OFFERED::contains));

        assertThat(answer.isEmpty()).isEqualTo(refusal.isEmpty());
        assertThat(answer).startsWith(refusal);
    }

    @ParameterizedTest
    @EnumSource(InstanceState.class)
    void onlyAnInstanceAtRestCanBePutBack(InstanceState state) {
        var atRest = state == InstanceState.STOPPED || state == InstanceState.STANDBY;

        var refusal = SnapshotRules.restore(snapshot(SnapshotKind.STANDBY, Hypervisor.QEMU), instance(state));

        assertThat(refusal.map(Refusal::code))
                .isEqualTo(atRest ? Optional.empty() : Optional.of(RefusalCode.INVALID_STATE));
    }

    @Test
    void aSnapshotGoesBackToItsOwnSourceOnly() {
        var snapshot = snapshot(SnapshotKind.STANDBY, Hypervisor.QEMU);
        var other = new Instance(
                OTHER,
                "vm",
                "",
                null,
                InstanceState.STANDBY,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                Map.of(),
                null,
                List.of(),
                NOW,
                null,
                null,
                null,
                true,
                Hypervisor.QEMU,
                null,
                1);

        assertThat(message(SnapshotRules.restore(snapshot, other)))
                .isEqualTo("invalid_request: snapshot " + snapshot.id() + " belongs to instance " + INSTANCE);
    }

    @ParameterizedTest
    @CsvSource({"STANDBY,QEMU,true", "STANDBY,VZ,false", "STOPPED,QEMU,false"})
    void onlyMemoryThatIsNotOpaqueIsCompressed(SnapshotKind kind, Hypervisor hypervisor, boolean allowed) {
        assertThat(SnapshotRules.compress(snapshot(kind, hypervisor)).isEmpty()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"STANDBY,RUNNING", "STOPPED,STOPPED"})
    void theDefaultTargetIsWhatTheMachineWas(SnapshotKind kind, TargetState target) {
        assertThat(SnapshotRules.defaultTarget(kind)).isEqualTo(target);
    }
}
