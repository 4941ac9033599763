package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.memory.CorruptMemoryException;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.operation.Refusal;
import dev.snapfork.store.Commit;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.MemoryFile;
import dev.snapfork.store.MemoryFile.Encoding;
import dev.snapfork.store.MemoryFiles;
import dev.snapfork.store.Metadata;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Compresses the memory of an instance in standby, beside what there is. Going on does not wait for it: whoever changes the instance
 * first wins, and the other finds another version.
 */
@ApplicationScoped
class CompressStandbyHandler implements Handler<Command.CompressStandby> {
    private static final Outcome OVERTAKEN =
            new Outcome.Cancelled("the instance is not in that standby any more, and needs no compressing");

    private final PayloadStore store;
    private final MemoryCodec codec;
    private final Lifecycle lifecycle;
    private final CompressionMeters meters;
    private final Faults faults;

    CompressStandbyHandler(
            PayloadStore store, MemoryCodec codec, Lifecycle lifecycle, CompressionMeters meters, Faults faults) {
        this.store = store;
        this.codec = codec;
        this.lifecycle = lifecycle;
        this.meters = meters;
        this.faults = faults;
    }

    @Override
    public Outcome handle(Command.CompressStandby c, Work work) throws IOException, InterruptedException {
        return switch (store.instances().find(c.instance())) {
            case Found.Absent<InstanceManifest>() ->
                new Outcome.Rejected(Refusal.notFound("instance not found: " + c.instance()));
            case Found.Damaged<InstanceManifest> damaged -> throw DamagedException.instance(damaged);
            case Found.Present<InstanceManifest>(var current) -> {
                if (current.applied().settled(work.operation())) {
                    store.instances().confirm(c.instance());
                    yield finish(current);
                }
                yield inThatStandby(current, c) ? compress(c, current, work) : OVERTAKEN;
            }
        };
    }

    private static boolean inThatStandby(InstanceManifest current, Command.CompressStandby c) {
        return current.instance().state() == InstanceState.STANDBY && current.version() == c.standby();
    }

    private Outcome compress(Command.CompressStandby c, InstanceManifest current, Work work) throws IOException {
        lifecycle.announce(current);
        var guest = store.layout().guest(c.instance());
        var found = MemoryFiles.find(guest).orElse(null);
        if (found == null || found.encoding() != Encoding.RAW) {
            return Outcome.of(current.instance());
        }
        var target = found.as(CompressedAs.encoding(c.compression().effectiveAlgorithm()));
        var written = written(c.compression(), guest.resolve(found.path()), work);
        if (written == null) {
            return OVERTAKEN;
        }
        var next = current.next(
                Metadata.pending(current.metadata(), null),
                InstanceState.STANDBY,
                true,
                current.applied()
                        .saying(MachineRecords.event(EventType.INSTANCE_COMPRESSED, work))
                        .settling(work.operation()));
        var commit =
                store.instances().replaceManifestAndAdd(current.version(), next, written, target.path(), work.place());
        return switch (commit) {
            case Commit.Done() -> finish(next);
            case Commit other -> OVERTAKEN;
        };
    }

    /** Null if the memory went away meanwhile: the instance has gone on, or was deleted. */
    private @Nullable Path written(CompressionConfig wanted, Path raw, Work work) throws IOException {
        var place = work.place().fresh("compressed");
        faults.at(Step.STAGING_MADE);
        var written = place.resolve("memory");
        try {
            var result = codec.compress(
                    raw,
                    written,
                    CompressedAs.format(wanted),
                    CodecJobs.of(work, () -> work.ends() || !Files.exists(raw) || work.isLost()));
            meters.made(wanted, result);
        } catch (CorruptMemoryException e) {
            // a machine writes to it meanwhile, so it has gone on
            return null;
        } catch (CancellationException e) {
            if (!work.ends() && !work.isLost() && !Files.exists(raw)) {
                return null;
            }
            throw e;
        }
        faults.at(Step.MEMORY_COMPRESSED);
        return written;
    }

    /** The record is new: raw memory that lies beside the compressed is the older one, and goes. */
    private Outcome finish(InstanceManifest compressed) throws IOException {
        var guest = store.layout().guest(compressed.instance().id());
        if (compressed.instance().state() == InstanceState.STANDBY) {
            for (var encoding : new Encoding[] {Encoding.ZSTD, Encoding.LZ4}) {
                removeRawBeside(guest, encoding);
            }
        }
        return lifecycle.announce(compressed);
    }

    private static void removeRawBeside(Path guest, Encoding encoding) throws IOException {
        var found = MemoryFiles.find(guest);
        if (found.isPresent() && found.get().encoding() == Encoding.RAW) {
            MemoryFile other = found.get().as(encoding);
            if (Files.exists(guest.resolve(other.path()))) {
                Files.deleteIfExists(guest.resolve(found.get().path()));
            }
        }
    }

    @Override
    public Outcome giveUp(Command.CompressStandby c, Outcome why, Work work) throws IOException {
        return lifecycle.givenUp(c.instance(), why, current -> why, work);
    }
}
