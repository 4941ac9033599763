package dev.snapfork.file;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Error numbers of Linux (the same on x86-64 and arm64) and how they become exceptions. */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int ENXIO = 6;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EEXIST = 17;
    static final int EXDEV = 18;
    static final int EINVAL = 22;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int ENOTTY = 25;
    static final int ENOSPC = 28;
    static final int ENOSYS = 38;
    static final int ELOOP = 40;
    static final int EOPNOTSUPP = 95;
    static final int EDQUOT = 122;

    private Errno() {}

    static FileSystemException failure(String call, int errno, Path path) {
        return switch (errno) {
            case ENOENT -> new NoSuchFileException(path.toString(), null, reason(call, errno));
            case EEXIST -> new FileAlreadyExistsException(path.toString(), null, reason(call, errno));
            default -> new FileSystemException(path.toString(), null, reason(call, errno));
        };
    }

    static String reason(String call, int errno) {
        return call + ": " + Libc.strerror(errno) + " (errno " + errno + ")";
    }
}
