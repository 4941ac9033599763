package dev.snapfork.hypervisor.process;

import dev.snapfork.hypervisor.RunningMachine;
import java.time.Duration;

/**
 * A process, in a form that can be kept: another one that gets the number later is not taken for it.
 *
 * @param startTicks when it was started, in clock ticks since the host was
 * @param boot which start of the host that was
 */
public record ProcessKey(long pid, long startTicks, String boot) {
    /** The start of a process that had ended before anybody could look; none has it. */
    private static final long NEVER = -1;

    private static final long LOOK_EVERY_MILLIS = 10;

    public static ProcessKey of(RunningMachine machine) {
        return new ProcessKey(machine.pid(), machine.startTicks(), machine.boot());
    }

    /** The process that has this number now; if there is none, a key to nothing. */
    public static ProcessKey of(long pid) {
        return new ProcessKey(pid, ProcessTable.startTicks(pid).orElse(NEVER), ProcessTable.thisBoot());
    }

    /** Whether it is there. One that has ended and that its parent has not fetched is not. */
    public boolean lives() {
        return startTicks != NEVER && equals(of(pid));
    }

    /**
     * Waits for its end.
     *
     * @return whether it has come within the limit
     */
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        var until = System.nanoTime() + limit.toNanos();
        while (lives()) {
            if (System.nanoTime() - until >= 0) {
                return false;
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return true;
    }

    /**
     * Ends it at once; never another that has its number.
     *
     * @return whether it has ended within the limit: one that waits for a broken disk does not, and one of another user is not asked
     */
    public boolean kill(Duration limit) throws InterruptedException {
        // the handle remembers the start of the process that has the number now, and the JDK compares it before it
        // sends the signal
        var handle = ProcessHandle.of(pid);
        if (lives()) {
            handle.ifPresent(ProcessHandle::destroyForcibly);
        }
        return awaitEnd(limit);
    }
}
