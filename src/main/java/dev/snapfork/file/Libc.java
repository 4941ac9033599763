package dev.snapfork.file;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Raw system calls. Each returns the call's result, or the negated error number when it failed; a call interrupted by a
 * signal is made again.
 */
@SuppressWarnings("restricted") // calling libc is what this class is for
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

    private static final MethodHandle OPEN = variadic("open", 2, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = call("close", JAVA_INT);
    private static final MethodHandle LSEEK = wide("lseek", JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle FTRUNCATE = call("ftruncate", JAVA_INT, JAVA_LONG);
    private static final MethodHandle PREAD = wide("pread", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle PWRITE = wide("pwrite", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle IOCTL = variadic("ioctl", 2, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SYNC_FILE_RANGE =
            call("sync_file_range", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RENAMEAT2 = call("renameat2", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle STATX = call("statx", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle STRERROR = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int STATX_BLOCKS = 0x400;
    private static final int STATX_SIZE_OF = 256;
    private static final int STATX_BLOCKS_AT = 48;

    private Libc() {}

    static long open(Path path, int flags, int mode) {
        return retried((arena, state) -> (int) OPEN.invokeExact(state, name(arena, path), flags, mode));
    }

    /** Never repeated: Linux has released the number even when it says EINTR. */
    static long close(int fd) {
        return once((arena, state) -> (int) CLOSE.invokeExact(state, fd));
    }

    static long lseek(int fd, long offset, int whence) {
        return retried((arena, state) -> (long) LSEEK.invokeExact(state, fd, offset, whence));
    }

    static long ftruncate(int fd, long length) {
        return retried((arena, state) -> (int) FTRUNCATE.invokeExact(state, fd, length));
    }

    static long pread(int fd, MemorySegment into, long bytes, long offset) {
        return retried((arena, state) -> (long) PREAD.invokeExact(state, fd, into, bytes, offset));
    }

    static long pwrite(int fd, MemorySegment from, long bytes, long offset) {
        return retried((arena, state) -> (long) PWRITE.invokeExact(state, fd, from, bytes, offset));
    }

    static long ioctl(int fd, long request, int argument) {
        return retried((arena, state) -> (int) IOCTL.invokeExact(state, fd, request, argument));
    }

    static long syncFileRange(int fd, long offset, long bytes, int flags) {
        return retried((arena, state) -> (int) SYNC_FILE_RANGE.invokeExact(state, fd, offset, bytes, flags));
    }

    static long renameat2(Path from, Path to, int flags) {
        return retried((arena, state) ->
                (int) RENAMEAT2.invokeExact(state, AT_FDCWD, name(arena, from), AT_FDCWD, name(arena, to), flags));
    }

    /** The file's allocated 512-byte blocks; a symbolic link is not followed. */
    static long blocks(Path path) {
        return retried((arena, state) -> {
            MemorySegment stat = arena.allocate(STATX_SIZE_OF, Long.BYTES);
            int result = (int)
                    STATX.invokeExact(state, AT_FDCWD, name(arena, path), AT_SYMLINK_NOFOLLOW, STATX_BLOCKS, stat);
            return result < 0 ? result : stat.get(JAVA_LONG, STATX_BLOCKS_AT);
        });
    }

    static String strerror(int errno) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable unexpected) {
            throw new IllegalStateException("strerror", unexpected);
        }
    }

    private interface Call {
        long make(Arena arena, MemorySegment state) throws Throwable;
    }

    private static long retried(Call call) {
        long result;
        do {
            result = once(call);
        } while (result == -Errno.EINTR);
        return result;
    }

    private static long once(Call call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = call.make(arena, state);
            return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
        } catch (Throwable unexpected) {
            throw new IllegalStateException("A system call could not be made", unexpected);
        }
    }

    private static MemorySegment name(Arena arena, Path path) {
        return arena.allocateFrom(path.toString(), StandardCharsets.UTF_8);
    }

    private static MethodHandle call(String name, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(JAVA_INT, arguments), Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle wide(String name, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(JAVA_LONG, arguments), Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(String name, int fixed, MemoryLayout... arguments) {
        return handle(
                name,
                FunctionDescriptor.of(JAVA_INT, arguments),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(fixed));
    }

    private static MethodHandle handle(String name, FunctionDescriptor shape, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, options);
    }
}
