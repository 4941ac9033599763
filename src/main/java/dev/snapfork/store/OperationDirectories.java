package dev.snapfork.store;

import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What lies below staging or trash, by operation. Names that are no operation's are somebody else's and left alone. */
final class OperationDirectories {
    private OperationDirectories() {}

    static List<Leftover> list(Path parent) throws IOException {
        var all = new ArrayList<Leftover>();
        for (var entry : Filesystems.entries(
                parent, entry -> Cuid.isValid(entry.getFileName().toString()))) {
            all.add(new Leftover(new OperationId(entry.getFileName().toString()), lastChange(entry)));
        }
        return List.copyOf(all);
    }

    private static Instant lastChange(Path root) throws IOException {
        var latest = new Instant[] {Instant.EPOCH};
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return visitFile(directory, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                var time = attributes.lastModifiedTime().toInstant();
                latest[0] = time.isAfter(latest[0]) ? time : latest[0];
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException vanishedMeanwhile) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException vanishedMeanwhile) {
                return FileVisitResult.CONTINUE;
            }
        });
        return latest[0];
    }
}
