import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Files of memory for the demo: real ones, with holes where the pages are zero. */
final class MemoryImage {
    private static final long MOST_OF_A_PROCESS = 512L << 20;
    private static final int PAGE = 4096;

    private MemoryImage() {}

    static void ofFile(Path source, Path target) throws IOException {
        try (var in = FileChannel.open(source); var out = create(target)) {
            var chunk = ByteBuffer.allocate(1 << 20);
            for (var at = 0L; in.read(chunk.clear(), at) > 0; at += chunk.limit()) {
                chunk.flip();
                for (var from = 0; from < chunk.limit(); from += PAGE) {
                    writeUnlessZero(out, chunk.slice(from, Math.min(PAGE, chunk.limit() - from)), at + from);
                }
            }
            finish(out, in.size());
        }
    }

    /** Takes the memory of the process that the file names if that is allowed, else of this one; returns whose it was. */
    static String ofProcess(Path pidFile, Path target) throws IOException {
        if (Files.isReadable(pidFile)) {
            var pid = Files.readString(pidFile).strip().split("\\s", -1)[0];
            try {
                ofProcess(pid, target);
                return "the service's own process, " + pid;
            } catch (IOException notAllowed) {
                Files.deleteIfExists(target);
            }
        }
        ofProcess("self", target);
        return "the demo's own process";
    }

    /** The readable private mappings one behind the other, from the lowest on; a page that goes away meanwhile stays a hole. */
    private static void ofProcess(String process, Path target) throws IOException {
        try (var memory = FileChannel.open(Path.of("/proc", process, "mem")); var out = create(target)) {
            var end = 0L;
            for (var line : Files.readAllLines(Path.of("/proc", process, "maps"))) {
                var fields = line.split(" ", 3);
                if (!fields[1].matches("r..p") || line.contains("[v")) {
                    continue;
                }
                var range = fields[0].split("-", 2);
                var from = Long.parseUnsignedLong(range[0], 16);
                var until = Math.min(Long.parseUnsignedLong(range[1], 16), from + MOST_OF_A_PROCESS - end);
                for (var at = from; at < until; at += PAGE, end += PAGE) {
                    var page = ByteBuffer.allocate(PAGE);
                    try {
                        memory.read(page, at);
                    } catch (IOException gone) {
                        continue;
                    }
                    writeUnlessZero(out, page.flip(), end);
                }
            }
            finish(out, end);
        }
    }

    private static FileChannel create(Path target) throws IOException {
        return FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static void writeUnlessZero(FileChannel out, ByteBuffer page, long at) throws IOException {
        if (page.mismatch(ByteBuffer.allocate(page.remaining())) >= 0) {
            out.write(page, at);
        }
    }

    /** Gives the file its length where it ends in a hole. */
    private static void finish(FileChannel out, long length) throws IOException {
        if (length > out.size()) {
            out.write(ByteBuffer.allocate(1), length - 1);
        }
    }

    static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        var digest = MessageDigest.getInstance("SHA-256");
        try (var in = Files.newInputStream(file)) {
            var buffer = new byte[1 << 20];
            for (var read = in.read(buffer); read > 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The bytes that it takes on disk. */
    static long allocated(Path file) throws IOException {
        var du = new ProcessBuilder("du", "-k", file.toString()).start();
        return Long.parseLong(new String(du.getInputStream().readAllBytes()).split("\\s", 2)[0]) << 10;
    }
}
