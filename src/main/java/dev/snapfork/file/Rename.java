package dev.snapfork.file;

import static dev.snapfork.file.Errno.EINVAL;
import static dev.snapfork.file.Errno.ENOSYS;

import dev.snapfork.fault.DiskFaults;
import dev.snapfork.fault.Step;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Renames with the promises that {@link java.nio.file.Files#move} cannot give. Neither syncs a directory. */
public final class Rename {
    private static final int NO_REPLACE = 1;
    private static final int EXCHANGE = 2;

    private Rename() {}

    /**
     * Swaps two existing names in one step; there is no instant at which either is missing. They may be of different
     * kinds, such as a file and a directory, but of one file system.
     *
     * @throws IOException if one is missing or the file system cannot do it; nothing has changed then
     */
    public static void exchange(Path a, Path b) throws IOException {
        rename(a, b, EXCHANGE, "exchange");
    }

    /**
     * Renames to a name that is free.
     *
     * @throws FileAlreadyExistsException if it is not; of rivals for one name exactly one succeeds
     * @throws IOException otherwise; nothing has changed then
     */
    public static void noReplace(Path from, Path to) throws IOException {
        rename(from, to, NO_REPLACE, "rename without replacing");
    }

    private static void rename(Path from, Path to, int flag, String what) throws IOException {
        DiskFaults.before(Step.DISK_RENAME);
        long result = Libc.renameat2(from, to, flag);
        if (result >= 0) {
            return;
        }
        int errno = (int) -result;
        throw switch (errno) {
            case Errno.EEXIST -> new FileAlreadyExistsException(to.toString());
            case EINVAL, ENOSYS ->
                new FileSystemException(
                        from.toString(),
                        to.toString(),
                        "cannot " + what + ", perhaps for lack of support by the file system: "
                                + Errno.reason("renameat2", errno));
            case Errno.ENOENT -> Errno.failure("renameat2 to " + to, errno, from);
            default -> new FileSystemException(from.toString(), to.toString(), Errno.reason("renameat2", errno));
        };
    }
}
