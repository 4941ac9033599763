package dev.snapfork.hypervisor.http;

import java.time.Duration;

/**
 * How long a monitor is waited for.
 *
 * @param start from starting it to its first answer
 * @param answer for calls that do not depend on how large the machine is
 * @param memory for calls that write or read the machine's memory
 * @param end from the signal to the end of its process
 */
public record Deadlines(Duration start, Duration answer, Duration memory, Duration end) {
    public static Deadlines usual() {
        return new Deadlines(
                Duration.ofSeconds(20), Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofSeconds(10));
    }
}
