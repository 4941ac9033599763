package dev.snapfork.simulation;

import java.util.ArrayList;
import java.util.List;

/** A process of the service, from its start to its end: its threads live, stand still and die together. */
public final class Machine {
    private final String name;
    final List<Actor> actors = new ArrayList<>();
    private boolean alive = true;
    private long stoppedUntil;

    Machine(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    public boolean alive() {
        return alive;
    }

    void die() {
        alive = false;
    }

    /** As SIGSTOP does, and SIGCONT when it is time. */
    void standStill(long until) {
        stoppedUntil = until;
    }

    long stoppedUntil() {
        return stoppedUntil;
    }

    @Override
    public String toString() {
        return name;
    }
}
