package dev.snapfork.memory;

import dev.snapfork.fault.DiskFaults;
import dev.snapfork.fault.Step;
import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compressed file in the making, with its journal if a later run is to go on with it. */
final class Draft implements AutoCloseable {
    /** What is being made may be read by nobody else; when it is complete, by whoever may read its source. */
    static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;
    private final FileChannel file;
    private final @Nullable Resume resume;
    private final @Nullable Journal journal;
    private final Cadence cadence;

    private Draft(Path path, FileChannel file, @Nullable Resume resume, @Nullable Journal journal, Cadence cadence) {
        this.path = path;
        this.file = file;
        this.resume = resume;
        this.journal = journal;
        this.cadence = cadence;
    }

    /** Makes a new file, or opens that of an earlier run if the job can be resumed and nobody else is at it. */
    static Draft open(Path path, Format format, long rawBytes, @Nullable Resume resume, Cadence cadence)
            throws IOException {
        if (resume == null) {
            return new Draft(path, create(path), null, null, cadence);
        }
        Journal journal = Journal.open(resume.journal(), format, rawBytes);
        try {
            if (!journal.isOfTheSameKind()) {
                Files.deleteIfExists(path);
            }
            FileChannel file = Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? reopen(path) : create(path);
            return new Draft(path, file, resume, journal, cadence);
        } catch (IOException | RuntimeException | Error e) {
            journal.close();
            throw e;
        }
    }

    /** One that was complete has the mode of its source already, which may be read-only. */
    private static FileChannel reopen(Path path) throws IOException {
        if (!Files.isSymbolicLink(path)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        }
        return FileChannel.open(
                path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    }

    private static FileChannel create(Path path) throws IOException {
        DiskFaults.before(Step.DISK_CREATE);
        return FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                OWNER_ONLY);
    }

    Path path() {
        return path;
    }

    FileChannel file() {
        return file;
    }

    /** Keeps of an earlier run's file what its journal vouches for, or begins with the head alone. */
    Position begin(FrameTable table, TreeDigest.Builder raw, OutputDigest output, JobControl job) throws IOException {
        Position at = journal == null ? Position.START : keep(journal, table, raw, output, job);
        file.truncate(at.end());
        if (at.frames() == 0) {
            if (journal != null) {
                journal.restart();
            }
            PositionalIo.write(file, table.head(), 0, FrameTable.HEAD_BYTES, 0);
        }
        output.startAt(at.end());
        return at;
    }

    private Position keep(Journal found, FrameTable table, TreeDigest.Builder raw, OutputDigest output, JobControl job)
            throws IOException {
        Position at = Position.START;
        if (!found.isOfTheSameKind()) {
            return at;
        }
        long bytes = file.size();
        for (Checkpoint next = found.next(at, table);
                next != null && next.isBorneOutBy(output, bytes, job);
                next = found.next(at, table)) {
            next.apply(table, raw, output);
            found.accept(next);
            at = next.to();
        }
        found.dropRest();
        return at;
    }

    /** Sees to it, once started, that the journal follows. */
    Checkpoints checkpoints(
            Position start,
            FrameSequence sequence,
            FrameTable table,
            TreeDigest.Builder raw,
            OutputDigest output,
            JobControl job) {
        if (journal == null) {
            return Checkpoints.NONE;
        }
        return new JournalThread(cadence, sequence, start, job, (from, to) -> {
            PositionalIo.force(file, false);
            journal.append(from, to, table, raw, output);
        });
    }

    /** After a failure: removes everything, unless a later run shall go on. */
    void abandon() throws IOException {
        if (resume == null) {
            Files.deleteIfExists(path);
        } else if (!resume.keep().getAsBoolean()) {
            Files.deleteIfExists(path);
            Files.deleteIfExists(resume.journal());
        }
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            if (journal != null) {
                journal.close();
            }
        }
    }
}
