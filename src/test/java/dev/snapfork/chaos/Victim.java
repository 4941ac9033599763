package dev.snapfork.chaos;

import java.io.IOException;

/** A process, or several that live and die together. */
interface Victim {
    String name();

    /** Starts it, unless it lives. Returns before it is ready. */
    void start() throws IOException;

    boolean isAlive();

    /** Ends it by SIGKILL; returns when it is dead. */
    void kill() throws IOException;

    /** Has it stand still by SIGSTOP. */
    void pause() throws IOException;

    /** Has it go on; to no effect if it does. */
    void resume() throws IOException;
}
