package dev.snapfork.machine;

import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.instance.ByteSize;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How much memory and how many processors all machines of a site have together. Claims are files beside the machines' sockets, so
 * all services on the host count the same; one whose instance has no process any more counts no longer.
 */
public final class Admission {
    private static final String CLAIM = "claim";
    private static final int WORDS = 3;

    private final ReentrantLock ours = new ReentrantLock();
    private final Site site;
    private final long maxMemory;
    private final int maxVcpus;

    /**
     * @param maxMemory bytes of guests' memory; 0 is no bound
     * @param maxVcpus guests' processors; 0 is no bound
     */
    public Admission(Site site, long maxMemory, int maxVcpus) {
        this.site = site;
        this.maxMemory = maxMemory;
        this.maxVcpus = maxVcpus;
    }

    private record Claim(long memory, int vcpus) {}

    /**
     * Claims what the machine needs, for as long as the site knows the instance. An instance has one claim; a further one takes its place.
     *
     * @throws RefusedException if it does not fit beside the others
     */
    void admit(InstanceId instance, MachineSpec spec) throws IOException {
        var runtime = Files.createDirectories(site.runtime(instance));
        if (maxMemory == 0 && maxVcpus == 0) {
            return;
        }
        ours.lock();
        try (var channel = FileChannel.open(
                        site.directory().resolve("admission.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            var others = others(instance);
            var memory = others.stream().mapToLong(Claim::memory).sum();
            var vcpus = others.stream().mapToInt(Claim::vcpus).sum();
            if (maxMemory > 0 && memory + spec.memoryBytes() > maxMemory) {
                throw new RefusedException(Refusal.insufficientResources("the machine needs "
                        + new ByteSize(spec.memoryBytes()) + " of memory, and of " + new ByteSize(maxMemory)
                        + " machines that run have " + new ByteSize(memory)
                        + ": stop some or put them in standby, and try again"));
            }
            if (maxVcpus > 0 && vcpus + spec.vcpus() > maxVcpus) {
                throw new RefusedException(Refusal.insufficientResources("the machine needs " + spec.vcpus()
                        + " vcpus, and of " + maxVcpus + " machines that run have " + vcpus
                        + ": stop some or put them in standby, and try again"));
            }
            Files.writeString(
                    runtime.resolve(CLAIM),
                    spec.memoryBytes() + " " + spec.vcpus() + " "
                            + ProcessHandle.current().pid());
        } finally {
            ours.unlock();
        }
    }

    /** Those of instances that have a machine, or for which a living service is about to start one. */
    private List<Claim> others(InstanceId self) throws IOException {
        var alive = Processes.labelled(site.mark() + "/").stream()
                .map(process -> process.label().split("/", -1)[1])
                .toList();
        var claims = new ArrayList<Claim>();
        try (var entries = Files.newDirectoryStream(site.directory(), Files::isDirectory)) {
            for (var entry : entries) {
                var name = entry.getFileName().toString();
                if (!name.equals(self.value())) {
                    claim(entry.resolve(CLAIM), alive.contains(name)).ifPresent(claims::add);
                }
            }
        }
        return claims;
    }

    /** Empty too where its instance has gone meanwhile, or where a service was killed while it wrote it: before it started anything. */
    private static Optional<Claim> claim(Path file, boolean alive) throws IOException {
        try {
            var words = Files.readString(file).split(" ", -1);
            return words.length == WORDS
                            && (alive
                                    || ProcessHandle.of(Long.parseLong(words[2]))
                                            .isPresent())
                    ? Optional.of(new Claim(Long.parseLong(words[0]), Integer.parseInt(words[1])))
                    : Optional.empty();
        } catch (NoSuchFileException | NumberFormatException none) {
            return Optional.empty();
        }
    }
}
