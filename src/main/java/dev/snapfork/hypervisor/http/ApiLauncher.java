package dev.snapfork.hypervisor.http;

import dev.snapfork.hypervisor.Launch;
import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.process.LastWords;
import dev.snapfork.hypervisor.process.ProcessKey;
import dev.snapfork.hypervisor.process.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** Starts a monitor and has it do what makes a machine; what does not come so far is ended. */
public final class ApiLauncher {
    private static final long ASK_EVERY_MILLIS = 10;

    private final Dialect dialect;
    private final Deadlines deadlines;
    private final ApiMonitor monitor;

    public ApiLauncher(Dialect dialect, Deadlines deadlines) {
        this.dialect = dialect;
        this.deadlines = deadlines;
        this.monitor = new ApiMonitor(dialect, deadlines);
    }

    /** What is to be told to a monitor that has just started, and what is then known of the machine. */
    public interface Plan {
        /** Why this version is not told anything; empty if it is. */
        Optional<Launch.Refused> refusal(Version version);

        /** In this order; all must be done. */
        List<Call> calls(Version version);

        RunningMachine machine(ProcessKey process, Version version);
    }

    /**
     * Carries a plan out.
     *
     * @return when all calls are done; nothing runs if it is not {@link Launch.Launched}
     * @throws IOException if the process could not be started, or could not be ended
     */
    public Launch launch(MachineHome home, Plan plan) throws IOException, InterruptedException {
        Files.createDirectories(home.runtime());
        Files.deleteIfExists(ApiMonitor.socket(home));
        var process = Spawn.start(dialect.command(ApiMonitor.socket(home)), home);
        Launch launch = new Launch.Failed("");
        try {
            launch = carryOut(home, process, plan);
        } finally {
            if (!(launch instanceof Launch.Launched)) {
                end(process);
            }
        }
        return launch;
    }

    private Launch carryOut(MachineHome home, ProcessKey process, Plan plan) throws InterruptedException {
        var until = System.nanoTime() + deadlines.start().toNanos();
        var version = firstAnswer(home);
        while (version.isEmpty()) {
            if (!process.lives()) {
                return new Launch.Failed(dialect.name() + " ended: " + LastWords.of(home));
            }
            if (System.nanoTime() - until >= 0) {
                return new Launch.Failed(dialect.name() + " did not answer within "
                        + deadlines.start().toMillis() + " ms of its start: " + LastWords.of(home));
            }
            Thread.sleep(ASK_EVERY_MILLIS);
            version = firstAnswer(home);
        }
        var refusal = plan.refusal(version.get());
        if (refusal.isPresent()) {
            return refusal.get();
        }
        for (var call : plan.calls(version.get())) {
            var trouble = monitor.trouble(home, call);
            if (trouble.isPresent()) {
                return new Launch.Failed(trouble.get() + " (" + LastWords.of(home) + ")");
            }
        }
        return new Launch.Launched(plan.machine(process, version.get()));
    }

    private Optional<Version> firstAnswer(MachineHome home) throws InterruptedException {
        try {
            var reply =
                    new ApiSocket(ApiMonitor.socket(home)).send(Call.get(dialect.versionPath(), deadlines.answer()));
            return reply.isSuccess() ? Optional.of(dialect.version(reply.body())) : Optional.empty();
        } catch (IOException | IllegalArgumentException notYet) {
            return Optional.empty();
        }
    }

    private void end(ProcessKey process) throws IOException, InterruptedException {
        if (!process.kill(deadlines.end())) {
            throw new IOException(dialect.name() + "'s process " + process.pid() + " does not end");
        }
    }
}
