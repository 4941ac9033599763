package dev.snapfork.bench;

import dev.snapfork.local.LaunchException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The memory that is measured with: two guests' that are known, or a file of the user's own. Unpacked when first asked for. */
final class Images {
    private static final int BUFFER = 1 << 20;

    private static final List<Known> KNOWN = List.of(
            new Known(
                    Image.IDLE,
                    "guest-idle-1g.img",
                    "870def37b4a0618575b99f18f33aa0d55faeee8faa45254728700ab45eaa472f"),
            new Known(
                    Image.BUSY,
                    "guest-busy-256m.img",
                    "9d2e526097b22767a85f25f4b026527a05839117e6a6b0e4acf6f35ba70c979a"));

    private final Path data;
    private final Optional<Path> own;
    private final Path work;
    private final PrintStream progress;
    private final Map<String, Image> ready = new HashMap<>();

    private record Known(String name, String file, String sha256) {}

    Images(Options options, Path work, PrintStream progress) {
        this.data = options.data();
        this.own = options.file();
        this.work = work;
        this.progress = progress;
    }

    /** Their names, without preparing any. */
    List<String> names() {
        return own.isPresent()
                ? List.of("file")
                : KNOWN.stream().map(Known::name).toList();
    }

    /** The one that a table wants of the known two, or the user's own. */
    String nameOr(String known) {
        return own.isPresent() ? names().getFirst() : known;
    }

    /**
     * The image, with its pages in the page cache.
     *
     * @throws LaunchException when its file is missing, or not what it is known to be
     */
    Image get(String name) throws IOException {
        var image = ready.get(name);
        if (image == null) {
            image = own.isPresent() ? own(name, own.get()) : unpacked(known(name));
            ready.put(name, image);
        }
        return image;
    }

    private static Known known(String name) {
        return KNOWN.stream().filter(it -> it.name.equals(name)).findFirst().orElseThrow();
    }

    private Image own(String name, Path file) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new LaunchException("There is no file " + file + " that can be read.");
        }
        sha256(file);
        return new Image(name, file);
    }

    private Image unpacked(Known known) throws IOException {
        var packed = data.resolve(known.file + ".zst");
        if (!Files.isReadable(packed)) {
            throw new LaunchException(
                    "There is no " + packed
                            + ": say with --data where the guests' images are, or measure with a memory file of your own (--file).");
        }
        progress.println("unpacking " + packed + " ...");
        var target = work.resolve(known.file);
        Command.of("zstd", "-q", "-d", "-f", "--sparse", "-o", target.toString(), packed.toString())
                .run();
        if (!sha256(target).equals(known.sha256)) {
            throw new LaunchException(
                    packed + " is another image than the one that the bars are for: its SHA-256 is not " + known.sha256
                            + ". Measure with it as --file.");
        }
        return new Image(known.name, target);
    }

    private static String sha256(Path file) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            var buffer = new byte[BUFFER];
            while (in.read(buffer) >= 0) {
                // reading is what digests
            }
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
