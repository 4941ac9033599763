package dev.snapfork.hypervisor;

import java.nio.file.Path;

/** Where a machine that is loaded has its memory from. */
public sealed interface MemorySource {
    Path file();

    /** The machine's own file, which it reads and writes. */
    record Own(Path file) implements MemorySource {}

    /** Others' file: mapped privately, never written to; may be unlinked while the machine runs, but not changed. */
    record Shared(Path file) implements MemorySource {}
}
