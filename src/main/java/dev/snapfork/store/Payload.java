package dev.snapfork.store;

import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The regular files of a captured instance directory. */
public final class Payload {
    private Payload() {}

    /** All regular files with their apparent sizes, by path; links are neither listed nor followed, nothing is read. */
    public static List<PayloadFile> list(Path directory) throws IOException {
        var files = new ArrayList<PayloadFile>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    files.add(new PayloadFile(directory.relativize(file).toString(), attributes.size(), null));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(Comparator.comparing(PayloadFile::path));
        return List.copyOf(files);
    }

    /** As {@link #list}, with the digest of each file: all data is read. */
    public static List<PayloadFile> digested(Path directory) throws IOException {
        var digested = new ArrayList<PayloadFile>();
        for (var file : list(directory)) {
            digested.add(new PayloadFile(file.path(), file.bytes(), TreeDigest.of(directory.resolve(file.path()))));
        }
        return List.copyOf(digested);
    }

    /** Sum of the apparent sizes. */
    public static long bytes(List<PayloadFile> files) {
        return files.stream().mapToLong(PayloadFile::bytes).sum();
    }
}
