package dev.snapfork.simulation;

import java.util.concurrent.Semaphore;

/** One thread of a process, which goes on only while it has the baton. */
final class Actor {
    final String name;
    final Machine machine;
    final Scheduler scheduler;
    final Semaphore turn = new Semaphore(0);
    long sleepsUntil;
    boolean ended;

    Actor(String name, Machine machine, Scheduler scheduler) {
        this.name = name;
        this.scheduler = scheduler;
        this.machine = machine;
    }

    /** When it can go on if nothing happens to it. */
    long readyAt() {
        return Math.max(sleepsUntil, machine.stoppedUntil());
    }
}
