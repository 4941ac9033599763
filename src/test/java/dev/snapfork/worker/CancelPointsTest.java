package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.api.ApiClient;
import dev.snapfork.api.Guests;
import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.file.TreeDigest;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.TargetState;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of long work is cancelled at each of the points at which it looks: nothing half-made is left at any. */
@QuarkusTest
@Timeout(180)
class CancelPointsTest {
    /** A look before each MiB of the 8 that the memory has, at the least. */
    private static final int FEWEST_LOOKS = 8;

    private static final String MEMORY = "snapshots/snapshot-latest/memory-ranges";

    private final Execution execution;
    private final Places places;
    private final Settlements settlements;
    private final PayloadStore store;
    private final NameClaims claims;
    private final ApiClient api = ApiClient.at(ConfigProvider.getConfig().getValue("test.url", String.class));
    private final Guests guests =
            new Guests(Path.of(ConfigProvider.getConfig().getValue("snapfork.data-dir", String.class)), api);

    @Inject
    CancelPointsTest(
            Execution execution, Places places, Settlements settlements, PayloadStore store, NameClaims claims) {
        this.execution = execution;
        this.places = places;
        this.settlements = settlements;
        this.store = store;
        this.claims = claims;
    }

    private static String newId() {
        return Cuid.random(RandomGenerator.getDefault());
    }

    /** Says from its look of that number on that it is cancelled. */
    private Work cancelledAt(int look, OperationId id, Command command) {
        var looks = new AtomicInteger();
        var now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS);
        var attempt = new AttemptId(id, newId());
        assertThat(settlements.begin(attempt)).isEmpty();
        return new Work(
                new CommandEnvelope(id, now, command),
                attempt,
                places.open(command, attempt),
                () -> false,
                () -> looks.incrementAndGet() >= look,
                Clock.systemUTC(),
                (started, reached) -> {});
    }

    private interface AfterCancelling {
        void check(OperationId operation) throws IOException;
    }

    /** Handles the commands, each cancelled one look later, until one gets to its end before. Returns that one's outcome. */
    private Outcome cancelAtEachPoint(IntFunction<Command> commands, AfterCancelling after)
            throws IOException, InterruptedException {
        for (var look = 1; ; look++) {
            var id = new OperationId(newId());
            var command = commands.apply(look);
            var outcome = execution.run(command, cancelledAt(look, id, command), failure -> "no letter");
            if (!(outcome instanceof Outcome.Cancelled)) {
                assertThat(look).isGreaterThan(FEWEST_LOOKS);
                return outcome;
            }
            var staging = store.layout().staging().resolve(id.value());
            if (Handlers.needsPlace(command)) {
                try (var left = Files.walk(staging)) {
                    assertThat(left.filter(Files::isRegularFile)).isEmpty();
                }
            } else {
                assertThat(staging).doesNotExist();
            }
            after.check(id);
        }
    }

    private SnapshotId snapshot(String instance, String more) {
        return new SnapshotId(api.post("/instances/" + instance + "/snapshots", "{\"kind\":\"Standby\"" + more + "}")
                .expect(201)
                .id());
    }

    private void requireFree(String scope, String name) {
        var other = newId();
        var attempt = new AttemptId(new OperationId(newId()), other);
        assertThat(settlements.begin(attempt)).isEmpty();
        assertThat(claims.claim(scope, name, other, attempt)).isEqualTo(NameClaims.Claim.HELD);
        claims.release(other, attempt);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aForkLeavesNeitherInstanceNorName(boolean compressed) throws IOException, InterruptedException {
        var instance = guests.newStandby();
        var original =
                TreeDigest.of(store.layout().guest(new InstanceId(instance)).resolve(MEMORY));
        var snapshot = snapshot(instance, "");
        if (compressed) {
            api.post("/snapshots/" + snapshot + "/compress", "{}").expect(200);
        }
        var made = new InstanceId[1];

        var outcome = cancelAtEachPoint(
                look -> {
                    made[0] = new InstanceId(newId());
                    return new Command.ForkSnapshot(
                            snapshot, made[0], "points-" + compressed, TargetState.STANDBY, null);
                },
                operation -> {
                    assertThat(store.instances().find(made[0])).isInstanceOf(Found.Absent.class);
                    requireFree(NameClaims.INSTANCES, "points-" + compressed);
                });

        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        assertThat(TreeDigest.of(store.layout().guest(made[0]).resolve(MEMORY))).isEqualTo(original);
    }

    @Test
    void aCreateLeavesNeitherSnapshotNorName() throws IOException, InterruptedException {
        var instance = new InstanceId(guests.newStandby());
        var made = new SnapshotId[1];

        var outcome = cancelAtEachPoint(
                look -> {
                    made[0] = new SnapshotId(newId());
                    return new Command.CreateSnapshot(
                            made[0], instance, SnapshotKind.STANDBY, "points", Map.of(), null);
                },
                operation -> {
                    assertThat(store.snapshots().find(made[0])).isInstanceOf(Found.Absent.class);
                    requireFree(instance.value(), "points");
                });

        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void aRestoreLeavesTheInstanceAsItWas() throws IOException, InterruptedException {
        var instance = new InstanceId(guests.newStandby());
        var snapshot = snapshot(instance.value(), "");
        var memory = store.layout().guest(instance).resolve(MEMORY);
        Files.writeString(memory, "what the machine did since");

        var outcome = cancelAtEachPoint(
                look -> new Command.RestoreSnapshot(instance, snapshot, TargetState.STANDBY, null), operation -> {
                    assertThat(memory).hasContent("what the machine did since");
                    assertThat(present(instance).version()).isEqualTo(1);
                });

        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        assertThat(Files.size(memory)).isGreaterThan(1 << 20);
        assertThat(present(instance).version()).isEqualTo(2);
    }

    private InstanceManifest present(InstanceId id) throws IOException {
        if (store.instances().find(id) instanceof Found.Present<InstanceManifest>(var manifest)) {
            return manifest;
        }
        throw new AssertionError("there is no instance " + id);
    }

    @Test
    void aCompressionLeavesTheSnapshotAsItWas() throws IOException, InterruptedException {
        var instance = guests.newStandby();
        var snapshot = snapshot(instance, "");
        var memory = store.layout().payload(snapshot).resolve(MEMORY);
        var original = TreeDigest.of(memory);

        var outcome = cancelAtEachPoint(
                look -> new Command.CompressSnapshot(snapshot, new CompressionConfig(true, null, 1).resolved()),
                operation -> {
                    assertThat(TreeDigest.of(memory)).isEqualTo(original);
                    assertThat(memory.resolveSibling("memory-ranges.zst")).doesNotExist();
                    var manifest = manifest(snapshot);
                    assertThat(manifest.snapshot().compressionState()).isEqualTo(CompressionState.NONE);
                    assertThat(manifest.snapshot().compression()).isNull();
                    assertThat(manifest.applied().settled(operation)).isTrue();
                });

        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        assertThat(memory).doesNotExist();
        assertThat(manifest(snapshot).snapshot().compressionState()).isEqualTo(CompressionState.COMPRESSED);
    }

    @Test
    void aVerificationFindsNothingOut() throws IOException, InterruptedException {
        var snapshot = snapshot(guests.newStandby(), "");

        var outcome = cancelAtEachPoint(look -> new Command.VerifySnapshot(snapshot, false), operation -> assertThat(
                        store.health().find(snapshot.value()).entry())
                .isEmpty());

        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        assertThat(store.health().find(snapshot.value()).entry()).isPresent();
    }

    private SnapshotManifest manifest(SnapshotId id) throws IOException {
        if (store.snapshots().find(id) instanceof Found.Present<SnapshotManifest>(var manifest)) {
            return manifest;
        }
        throw new AssertionError("there is no snapshot " + id);
    }

    @Test
    void aCancelledCompressionThatComesAgainIsCancelledAgain() throws IOException, InterruptedException {
        var snapshot = snapshot(guests.newStandby(), "");
        var command = new Command.CompressSnapshot(snapshot, new CompressionConfig(true, null, 1).resolved());
        var id = new OperationId(newId());
        var first = execution.run(command, cancelledAt(1, id, command), failure -> "no letter");

        var second = execution.run(command, cancelledAt(Integer.MAX_VALUE, id, command), failure -> "no letter");

        assertThat(first).isInstanceOf(Outcome.Cancelled.class);
        assertThat(second).isInstanceOf(Outcome.Cancelled.class);
        assertThat(manifest(snapshot).snapshot().compressionState()).isEqualTo(CompressionState.NONE);
    }
}
