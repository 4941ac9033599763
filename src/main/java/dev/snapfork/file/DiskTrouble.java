package dev.snapfork.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is wrong with a disk that may pass, as far as a failure's message tells: an IOException keeps no error number. */
public enum DiskTrouble {
    /** There is no room left, or none for this user. */
    FULL,
    /** The disk did not read or write. */
    FAILING,
    /** The system lacks something for a moment, such as free descriptors. */
    SHORT;

    /** In English, and as this process's locale has them: the JDK's messages are those of the system. */
    private static final Map<DiskTrouble, List<String>> TEXTS = Map.of(
            FULL,
            texts(List.of("No space left on device", "Disk quota exceeded"), Errno.ENOSPC, Errno.EDQUOT),
            FAILING,
            texts(List.of("Input/output error"), Errno.EIO),
            SHORT,
            texts(
                    List.of("Too many open files", "Resource temporarily unavailable", "Cannot allocate memory"),
                    Errno.EMFILE,
                    Errno.ENFILE,
                    Errno.EAGAIN,
                    Errno.ENOMEM));

    private static List<String> texts(List<String> english, int... numbers) {
        return Stream.concat(english.stream(), IntStream.of(numbers).mapToObj(Libc::strerror))
                .distinct()
                .toList();
    }

    /** Empty if the failure is of no such kind. */
    public static Optional<DiskTrouble> of(IOException failure) {
        var reason = failure instanceof FileSystemException f ? f.getReason() : failure.getMessage();
        return reason == null
                ? Optional.empty()
                : Stream.of(values())
                        .filter(trouble ->
                                TEXTS.getOrDefault(trouble, List.of()).stream().anyMatch(reason::contains))
                        .findFirst();
    }
}
