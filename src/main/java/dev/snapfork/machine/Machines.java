package dev.snapfork.machine;

import dev.snapfork.hypervisor.Launch;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.MachineStatus;
import dev.snapfork.hypervisor.MemoryWish;
import dev.snapfork.hypervisor.Probe;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.Save;
import dev.snapfork.hypervisor.SavedMachine;
import dev.snapfork.hypervisor.Transition;
import dev.snapfork.hypervisor.Vmm;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Starts and ends the machines of one data directory on this host. What a monitor answers becomes a refusal, which would be the
 * same next time, or a {@link MachineException}.
 */
public final class Machines {
    private static final String LOGS = "logs";

    private final Map<Hypervisor, Vmm> monitors;
    private final Site site;
    private final Admission admission;
    private final Duration stopGrace;

    /** @param stopGrace how long a guest has to shut down before its power is cut */
    public Machines(Map<Hypervisor, Vmm> monitors, Site site, Admission admission, Duration stopGrace) {
        this.monitors = Map.copyOf(monitors);
        this.site = site;
        this.admission = admission;
        this.stopGrace = stopGrace;
    }

    /** Who asks for a machine: the instance that it is to be of, and the operation that wants it. */
    public record Request(InstanceId instance, OperationId operation) {}

    /** Why machines of that kind cannot run here; empty if they can. */
    public Optional<Refusal> refusal(Hypervisor hypervisor) throws InterruptedException {
        var monitor = monitors.get(hypervisor);
        if (monitor == null) {
            return Optional.of(Refusal.notSupported("no worker runs " + hypervisor.text() + " machines"));
        }
        return switch (monitor.probe()) {
            case Probe.Available _ -> Optional.empty();
            case Probe.Unavailable(var reason) ->
                Optional.of(Refusal.notSupported("no worker runs " + hypervisor.text() + " machines: " + reason));
        };
    }

    /** What is installed of each monitor. */
    public Map<Hypervisor, Probe> probes() throws InterruptedException {
        var found = new EnumMap<Hypervisor, Probe>(Hypervisor.class);
        for (var monitor : monitors.entrySet()) {
            found.put(monitor.getKey(), monitor.getValue().probe());
        }
        return found;
    }

    /** Those whose machines can run here. */
    public Set<Hypervisor> offered() throws InterruptedException {
        var all = EnumSet.noneOf(Hypervisor.class);
        for (var hypervisor : monitors.keySet()) {
            if (refusal(hypervisor).isEmpty()) {
                all.add(hypervisor);
            }
        }
        return all;
    }

    /** What the processors of guests here are, such as x86_64; empty if no machine of that kind can run. */
    public String architecture(Hypervisor hypervisor) throws InterruptedException {
        var monitor = monitors.get(hypervisor);
        return monitor != null && monitor.probe() instanceof Probe.Available available ? available.architecture() : "";
    }

    private Vmm monitor(Hypervisor hypervisor) {
        var monitor = monitors.get(hypervisor);
        if (monitor == null) {
            throw new RefusedException(Refusal.notSupported("no worker runs " + hypervisor.text() + " machines"));
        }
        return monitor;
    }

    /**
     * Ends all machines of the instance but one: what attempts that died have started and nobody knows of any more. To be called
     * before another is started, by who alone may start one.
     *
     * @param kept the one that the instance's record names
     */
    public void endOthers(InstanceId instance, @Nullable RunningMachine kept) throws IOException, InterruptedException {
        if (!site.knows(instance)) {
            // made before anything is started, and kept until all of it has ended
            return;
        }
        for (var process : Processes.labelled(site.label(instance))) {
            if (kept == null || process.pid() != kept.pid()) {
                Processes.kill(process);
            }
        }
        if (kept == null) {
            site.forget(instance);
        }
    }

    /** Those for which something was started on this host and not ended since. */
    public Set<InstanceId> instances() throws IOException {
        return site.instances();
    }

    /**
     * Boots a machine.
     *
     * @param directory where the instance's files lie now; it may be renamed once this returns
     * @throws RefusedException if the same would be refused again
     * @throws MachineException if the monitor failed; nothing runs
     */
    public RunningMachine boot(Request request, MachineSpec spec, Path directory)
            throws IOException, InterruptedException {
        admission.admit(request.instance(), spec);
        return launched(
                request,
                monitor(spec.hypervisor()).boot(spec, site.home(request.instance(), request.operation(), directory)));
    }

    /**
     * Makes a machine of what was saved; it stands still.
     *
     * @throws DamagedStateException if what was saved is not there as it was
     */
    public RunningMachine load(Request request, SavedMachine saved, MachineSpec spec, Path directory)
            throws IOException, InterruptedException {
        admission.admit(request.instance(), spec);
        return launched(
                request,
                monitor(spec.hypervisor())
                        .load(saved, spec, site.home(request.instance(), request.operation(), directory)));
    }

    private RunningMachine launched(Request request, Launch launch) throws IOException {
        return switch (launch) {
            case Launch.Launched(var machine) -> machine;
            case Launch.Refused(var reason, var message) -> {
                site.forget(request.instance());
                throw refused(reason, message);
            }
            case Launch.Failed(var message) -> {
                site.forget(request.instance());
                throw new MachineException(message);
            }
        };
    }

    /** @throws RefusedException where the request would be refused again */
    private static DamagedStateException refused(Launch.Reason reason, String message) {
        return switch (reason) {
            case NOT_SUPPORTED -> throw new RefusedException(Refusal.notSupported(message));
            case INCOMPATIBLE -> throw new RefusedException(Refusal.conflict(message));
            case INVALID -> throw new RefusedException(Refusal.invalidRequest(message));
            case DAMAGED -> new DamagedStateException(message);
        };
    }

    public MachineStatus status(RunningMachine machine) throws InterruptedException {
        var monitor = monitors.get(machine.profile().hypervisor());
        return monitor == null ? MachineStatus.SILENT : monitor.status(machine);
    }

    /** @throws MachineException if it does not stand still now */
    public void pause(RunningMachine machine) throws MachineException, InterruptedException {
        require("could not be paused", monitor(machine).pause(machine));
    }

    /** @throws MachineException if it does not go on */
    public void resume(RunningMachine machine) throws MachineException, InterruptedException {
        require("does not go on", monitor(machine).resume(machine));
    }

    /**
     * Saves a machine that stands still.
     *
     * @throws MachineException if nothing usable was saved
     */
    public Save.Saved save(RunningMachine machine, Path directory, MemoryWish wish)
            throws IOException, InterruptedException {
        return switch (monitor(machine).save(machine, directory, wish)) {
            case Save.Saved saved -> saved;
            case Save.Failed(var message, var _) ->
                throw new MachineException("the machine could not be saved: " + message);
        };
    }

    /** Shuts the guest down, by force when its time is over. */
    public void stop(InstanceId instance, RunningMachine machine) throws IOException, InterruptedException {
        require("does not stop", monitor(machine).stop(machine, stopGrace));
        endOthers(instance, null);
    }

    /**
     * Keeps what the instance's guest and monitor have printed within bounds; to be called now and then.
     *
     * @param directory where the instance's files lie
     */
    public void boundLogs(InstanceId instance, Path directory) throws IOException {
        PrintedLogs.bound(directory.resolve(LOGS));
        PrintedLogs.bound(site.runtime(instance));
    }

    /** The host's end of the channel to the guest's agent. */
    public Optional<Path> agentSocket(RunningMachine machine) {
        return monitor(machine).agentSocket(machine);
    }

    private Vmm monitor(RunningMachine machine) {
        return monitor(machine.profile().hypervisor());
    }

    private static void require(String what, Transition transition) throws MachineException {
        if (transition instanceof Transition.Failed(var message, var _)) {
            throw new MachineException("the machine " + what + ": " + message);
        }
    }
}
