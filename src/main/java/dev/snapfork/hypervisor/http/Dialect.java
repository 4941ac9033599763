package dev.snapfork.hypervisor.http;

import dev.snapfork.hypervisor.MachineStatus;
import java.nio.file.Path;
import java.util.List;

/** What one kind of monitor is told and what it means by its answers. */
public interface Dialect {
    /** What the monitor is called in messages. */
    String name();

    /** Its program and arguments. */
    List<String> command(Path socket);

    /** What a GET of is answered with the version, as soon as the monitor listens. */
    String versionPath();

    /**
     * Reads that answer.
     *
     * @throws IllegalArgumentException if there is no version in it
     */
    Version version(String body);

    /** What a GET of is answered with the machine's state. */
    String statusPath();

    /**
     * Reads that answer.
     *
     * @throws IllegalArgumentException if there is no state in it
     */
    MachineStatus status(String body);

    /** What a refusal says, in words for the caller. */
    String complaint(Reply refusal);
}
