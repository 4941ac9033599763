package dev.snapfork.chaos;

/** What happens to the processes while there is load. */
interface Disturbance {
    /** Returns when it is over, and everybody may go on. */
    void run() throws InterruptedException;
}
