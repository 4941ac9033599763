package dev.snapfork.hypervisor.http;

import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineStatus;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.Transition;
import dev.snapfork.hypervisor.process.ProcessKey;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What is asked of a machine that runs, whatever kind of monitor it has. */
public final class ApiMonitor {
    private static final Path SOCKET = Path.of("api.sock");
    private static final Duration DYING = Duration.ofSeconds(2);

    private final Dialect dialect;
    private final Deadlines deadlines;

    public ApiMonitor(Dialect dialect, Deadlines deadlines) {
        this.dialect = dialect;
        this.deadlines = deadlines;
    }

    /** Where a machine's monitor listens. */
    public static Path socket(MachineHome home) {
        return home.runtime().resolve(SOCKET);
    }

    public MachineStatus status(RunningMachine machine) throws InterruptedException {
        var process = ProcessKey.of(machine);
        if (!process.lives()) {
            return MachineStatus.GONE;
        }
        try {
            var reply = new ApiSocket(socket(machine.home())).send(Call.get(dialect.statusPath(), deadlines.answer()));
            if (reply.isSuccess()) {
                return dialect.status(reply.body());
            }
        } catch (SocketTimeoutException | IllegalArgumentException unanswered) {
            // said below: it is there and does not answer, or it has ended meanwhile
        } catch (IOException closed) {
            // sockets are closed a little before a process has ended
            return process.awaitEnd(DYING) ? MachineStatus.GONE : MachineStatus.SILENT;
        }
        return process.lives() ? MachineStatus.SILENT : MachineStatus.GONE;
    }

    /**
     * Has a machine do something.
     *
     * @param wanted how it is then; if it is so although the monitor refused or did not answer, it was done before, or the answer was
     *     lost
     */
    public Transition change(RunningMachine machine, Call call, MachineStatus wanted) throws InterruptedException {
        var trouble = trouble(machine, call);
        if (trouble.isEmpty()) {
            return new Transition.Done();
        }
        var status = status(machine);
        return status == wanted ? new Transition.Done() : new Transition.Failed(trouble.get(), status);
    }

    /** Makes a call to the machine's monitor; empty if it was done, else why not. */
    public Optional<String> trouble(RunningMachine machine, Call call) throws InterruptedException {
        // whoever listens at its home then may be a later machine
        return ProcessKey.of(machine).lives()
                ? trouble(machine.home(), call)
                : Optional.of(dialect.name() + "'s process has ended");
    }

    Optional<String> trouble(MachineHome home, Call call) throws InterruptedException {
        try {
            var reply = new ApiSocket(socket(home)).send(call);
            return reply.isSuccess()
                    ? Optional.empty()
                    : Optional.of(dialect.name() + " refused " + call.line() + ": " + dialect.complaint(reply));
        } catch (IOException e) {
            return Optional.of(dialect.name() + " did not answer " + call.line() + ": " + e.getMessage());
        }
    }

    /**
     * Waits for the monitor to end by itself, and ends it if it has not.
     *
     * @param grace from now on
     */
    public Transition end(RunningMachine machine, Duration grace) throws InterruptedException {
        return ProcessKey.of(machine).awaitEnd(grace) ? new Transition.Done() : kill(machine);
    }

    public Transition kill(RunningMachine machine) throws InterruptedException {
        return ProcessKey.of(machine).kill(deadlines.end())
                ? new Transition.Done()
                : new Transition.Failed(
                        dialect.name() + "'s process " + machine.pid() + " did not end", status(machine));
    }
}
