package dev.snapfork.simulation;

import dev.snapfork.file.ContentDigest;
import dev.snapfork.instance.InstanceState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** What lies in the import directory: two machines in standby and one that is stopped. */
final class Imports {
    private static final String STOPPED = "machine-2";

    private final Map<String, ContentDigest> memories = new TreeMap<>();

    Imports(Path directory, RandomGenerator random) throws IOException {
        for (var name : List.of("machine-0", "machine-1")) {
            memories.put(name, Memories.standby(directory.resolve(name), random.nextLong()));
        }
        Memories.stopped(directory.resolve(STOPPED), random.nextLong());
    }

    List<String> directories() {
        return List.of("machine-0", "machine-1", STOPPED);
    }

    InstanceState state(String name) {
        return name.equals(STOPPED) ? InstanceState.STOPPED : InstanceState.STANDBY;
    }

    /** The digest of the machine's memory, if it has one. */
    Optional<ContentDigest> memory(String name) {
        return Optional.ofNullable(memories.get(name));
    }
}
