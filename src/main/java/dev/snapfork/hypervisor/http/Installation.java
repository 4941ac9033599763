package dev.snapfork.hypervisor.http;

import dev.snapfork.hypervisor.Launch;
import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineProfile;
import dev.snapfork.hypervisor.Probe;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.process.ProcessKey;
import dev.snapfork.instance.Hypervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A monitor's program on this host. What it is, is asked of the program itself, started without a machine; the answer is kept until
 * another file is in its place.
 */
public final class Installation {
    /** What these monitors run guests with, and nothing else. */
    public static final String ACCELERATOR = "kvm";

    private final Hypervisor hypervisor;
    private final Path binary;
    private final Path device;
    private final Dialect dialect;
    private final Version oldest;
    private final Deadlines deadlines;
    private @Nullable Known known;

    /**
     * An installation that may be there.
     *
     * @param device that the monitor needs: /dev/kvm
     * @param oldest version that the driver can speak to
     */
    public Installation(
            Hypervisor hypervisor, Path binary, Path device, Dialect dialect, Version oldest, Deadlines deadlines) {
        this.hypervisor = hypervisor;
        this.binary = binary;
        this.device = device;
        this.dialect = dialect;
        this.oldest = oldest;
        this.deadlines = deadlines;
    }

    private record Known(@Nullable Object file, FileTime modified, long size, Probe answer) {}

    /** The guests' architecture, as the kernel calls the host's. */
    public static String architecture() {
        var name = System.getProperty("os.arch", "");
        return name.equals("amd64") ? "x86_64" : name;
    }

    /** Takes as long as starting the monitor; calls at the same time wait for each other. */
    public synchronized Probe probe() throws InterruptedException {
        if (!Files.isExecutable(binary)) {
            return new Probe.Unavailable(dialect.name() + " is not installed: there is no program " + binary);
        }
        if (!Files.isReadable(device) || !Files.isWritable(device)) {
            return new Probe.Unavailable(
                    dialect.name() + " needs " + device + ", which this process cannot read and write");
        }
        try {
            var file = Files.readAttributes(binary, BasicFileAttributes.class);
            if (known != null
                    && file.lastModifiedTime().equals(known.modified)
                    && file.size() == known.size
                    && Objects.equals(file.fileKey(), known.file)) {
                return known.answer;
            }
            var answer = ask();
            known = answer instanceof Probe.Available
                    ? new Known(file.fileKey(), file.lastModifiedTime(), file.size(), answer)
                    : null;
            return answer;
        } catch (IOException e) {
            return new Probe.Unavailable(dialect.name() + " cannot be asked for its version: " + e);
        }
    }

    private Probe ask() throws IOException, InterruptedException {
        var directory = Files.createTempDirectory("snapfork-probe-");
        var home = new MachineHome(directory, directory, "probe");
        try {
            return switch (new ApiLauncher(dialect, deadlines).launch(home, new Question(home))) {
                case Launch.Launched launched -> {
                    var unused = ProcessKey.of(launched.machine()).kill(deadlines.end());
                    var version = launched.machine().profile().version();
                    yield Version.parse(version).compareTo(oldest) < 0
                            ? new Probe.Unavailable(dialect.name() + " " + version + " is older than " + oldest)
                            : new Probe.Available(version, List.of(""), ACCELERATOR, architecture());
                }
                case Launch.Refused refused -> new Probe.Unavailable(refused.message());
                case Launch.Failed failed -> new Probe.Unavailable(failed.message());
            };
        } finally {
            remove(directory);
        }
    }

    /** No machine at all: the version is what every monitor is asked for first. */
    private final class Question implements ApiLauncher.Plan {
        private final MachineHome home;

        Question(MachineHome home) {
            this.home = home;
        }

        @Override
        public Optional<Launch.Refused> refusal(Version version) {
            return Optional.empty();
        }

        @Override
        public List<Call> calls(Version version) {
            return List.of();
        }

        @Override
        public RunningMachine machine(ProcessKey process, Version version) {
            var profile = new MachineProfile(
                    hypervisor, version.toString(), "", ACCELERATOR, architecture(), 1, 0, List.of(), null);
            return new RunningMachine(process.pid(), process.startTicks(), process.boot(), false, profile, home);
        }
    }

    private static void remove(Path directory) throws IOException {
        try (var entries = Files.newDirectoryStream(directory)) {
            for (var entry : entries) {
                if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    Files.deleteIfExists(entry);
                }
            }
        }
        Files.deleteIfExists(directory);
    }
}
