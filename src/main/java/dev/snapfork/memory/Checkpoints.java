package dev.snapfork.memory;

/** What makes a compression last while it goes on. */
interface Checkpoints extends AutoCloseable {
    /** For jobs that are not resumed. */
    Checkpoints NONE = new Checkpoints() {
        @Override
        public void start() {}

        @Override
        public void close() {}
    };

    void start();

    /** Waits until nothing is going on. */
    @Override
    void close();
}
