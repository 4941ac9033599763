package dev.snapfork.hypervisor.process;

import dev.snapfork.hypervisor.MachineHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Starts monitors as processes that go on when the service ends. */
public final class Spawn {
    /** All that is handed on: the service's environment has passwords in it. */
    private static final Set<String> HANDED_ON = Set.of("PATH", "HOME", "LANG", "TMPDIR");

    private static final Path LOG = Path.of("vmm.log");

    private Spawn() {}

    /**
     * Starts a process in the machine's directory, in a session of its own, so that no signal to the service's group reaches it. What it
     * prints goes to {@link #log}, which is begun anew; it reads nothing.
     *
     * @param command the program with its arguments; no shell sees it
     * @return the process, which may have ended already
     * @throws IOException if none could be started
     */
    public static ProcessKey start(List<String> command, MachineHome home) throws IOException {
        Files.createDirectories(home.runtime());
        Files.deleteIfExists(log(home));
        List<String> words = new ArrayList<>();
        // replaces itself with the program, since the JVM's children do not lead a group: the number stays
        words.add("setsid");
        words.addAll(command);
        var builder = new ProcessBuilder(words)
                .directory(home.directory().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                // appended to, so that it can be emptied while it grows
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(home).toFile()));
        builder.environment().keySet().retainAll(HANDED_ON);
        builder.environment().put(MachineHome.LABEL, home.label());
        return ProcessKey.of(builder.start().pid());
    }

    /** Where a machine's monitor prints to. */
    public static Path log(MachineHome home) {
        return home.runtime().resolve(LOG);
    }
}
