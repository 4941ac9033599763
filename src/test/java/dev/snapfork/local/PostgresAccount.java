package dev.snapfork.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who PostgreSQL runs as: it refuses to be root. An ordinary user runs it as it is. For root it runs in a user namespace
 * without a mapping, where it sees itself as nobody while the kernel still lets it reach root's files; where such
 * namespaces are forbidden, as in many containers, it really becomes nobody and is given its directory.
 *
 * @param prefix the command line to put before a program
 * @param owner the user id that must own PostgreSQL's files, or -1 for whoever runs the launcher
 */
record PostgresAccount(List<String> prefix, int owner) {
    private static final int NOBODY = 65534;
    private static final Duration PROBE = Duration.ofSeconds(5);

    static PostgresAccount choose() throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return new PostgresAccount(List.of(), -1);
        }
        var unshare = Children.tool("unshare");
        if (unshare.isPresent() && succeeds(unshare.get().toString(), "-U", "true")) {
            return new PostgresAccount(List.of(unshare.get().toString(), "-U"), 0);
        }
        Path setpriv = Children.tool("setpriv")
                .orElseThrow(() -> new LaunchException(
                        "PostgreSQL does not run as root: install util-linux (unshare, setpriv), or be another user."));
        String nobody = Integer.toString(NOBODY);
        return new PostgresAccount(
                List.of(setpriv.toString(), "--reuid", nobody, "--regid", nobody, "--clear-groups"), NOBODY);
    }

    /** Hands PostgreSQL's directory over, if it belongs to another user than it will run as. */
    void own(Path directory) throws IOException {
        if (owner < 0 || ownerOf(directory) == owner) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.toList()) {
                Files.setAttribute(path, "unix:uid", owner);
            }
        }
    }

    private static int ownerOf(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }

    private static boolean succeeds(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return Children.exited(process, PROBE) && process.exitValue() == 0;
    }
}
