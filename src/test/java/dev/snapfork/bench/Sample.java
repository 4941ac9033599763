package dev.snapfork.bench;

/**
 * What doing something once took.
 *
 * @param wallSeconds by the clock on the wall
 * @param cpuSeconds of all threads or child processes, in user and system mode
 */
record Sample(double wallSeconds, double cpuSeconds) {}
