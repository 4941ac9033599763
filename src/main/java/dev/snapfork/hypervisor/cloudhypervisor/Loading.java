package dev.snapfork.hypervisor.cloudhypervisor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.snapfork.hypervisor.Launch.Reason;
import dev.snapfork.hypervisor.Launch.Refused;
import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineProfile;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.SavedMachine;
import dev.snapfork.hypervisor.http.Admission;
import dev.snapfork.hypervisor.http.ApiLauncher;
import dev.snapfork.hypervisor.http.Call;
import dev.snapfork.hypervisor.http.Version;
import dev.snapfork.hypervisor.process.ProcessKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One loading of a saved machine, from a directory of its own in which only the configuration is new. */
final class Loading implements ApiLauncher.Plan {
    static final String CONFIG = "config.json";
    static final String STATE = "state.json";
    static final String RANGES = "memory-ranges";

    private final SavedMachine saved;
    private final MachineSpec spec;
    private final Places places;
    private final CloudHypervisorConfig options;
    private boolean ownMemory;

    Loading(SavedMachine saved, MachineSpec spec, MachineHome home, CloudHypervisorConfig options) {
        this.saved = saved;
        this.spec = spec;
        this.places = new Places(home);
        this.options = options;
    }

    /** Makes that directory; what was saved stays as it is. */
    Optional<Refused> prepare() throws IOException {
        var state = saved.directory().resolve(STATE);
        var file = saved.directory().resolve(CONFIG);
        if (!isJson(state) || !Files.isRegularFile(file)) {
            return Admission.refused(Reason.DAMAGED, "the device state is not there, or not as it was saved");
        }
        var read = SavedConfig.read(file);
        if (read.isEmpty()) {
            return Admission.refused(Reason.DAMAGED, CONFIG + " is not as it was saved");
        }
        var config = read.get();
        var refusal = refusal(config);
        if (refusal.isPresent()) {
            return refusal;
        }
        var origin = origin(config);
        if (origin != null) {
            config.rebase(origin, places.home().directory().toAbsolutePath());
        }
        config.give(spec, places);
        places.clear();
        clear();
        var directory = Files.createDirectories(places.restore());
        Files.copy(state, directory.resolve(STATE));
        useMemory(config, directory);
        config.write(directory.resolve(CONFIG));
        return Optional.empty();
    }

    private Optional<Refused> refusal(SavedConfig config) {
        if (config.disks() != spec.disks().size() || config.networks() != (spec.mac() == null ? 0 : 1)) {
            return Admission.refused(
                    Reason.INVALID,
                    "saved with " + config.disks() + " disks and " + config.networks() + " networks, not "
                            + spec.disks().size() + " and " + (spec.mac() == null ? 0 : 1));
        }
        return config.hasMemoryInManyFiles()
                ? Admission.refused(Reason.INCOMPATIBLE, "saved with memory in more than one file")
                : Optional.empty();
    }

    private @Nullable Path origin(SavedConfig config) {
        if (saved.origin() != null) {
            return saved.origin();
        }
        for (var index = 0; index < spec.disks().size(); index++) {
            var origin = config.origin(saved.profile().disks().get(index).file(), index);
            if (origin != null) {
                return origin;
            }
        }
        return null;
    }

    private void useMemory(SavedConfig config, Path directory) throws IOException {
        if (config.hasMemoryInItsOwnFile()) {
            ownMemory = SavedConfig.isOwn(saved.memory(), places.home().memory());
            config.useMemory(saved.memory().file(), ownMemory);
        } else {
            config.readMemory();
            Files.createSymbolicLink(
                    directory.resolve(RANGES), saved.memory().file().toAbsolutePath());
        }
    }

    @Override
    public Optional<Refused> refusal(Version version) {
        return Admission.sameVersion(saved, version.toString());
    }

    @Override
    public List<Call> calls(Version version) {
        var body = JsonNodeFactory.instance
                .objectNode()
                .put("source_url", "file://" + places.restore())
                .put("prefault", false);
        if (version.isAtLeast(52, 0)) {
            body.put("memory_restore_mode", options.onDemand() ? "OnDemand" : "Copy")
                    .put("resume", false);
        }
        return List.of(Call.put(
                CloudHypervisorDialect.path("vm.restore"),
                body.toString(),
                options.deadlines().memory()));
    }

    /** The guest's device goes on with the MAC in the state, whatever the configuration says, until the guest changes it. */
    @Override
    public RunningMachine machine(ProcessKey process, Version version) {
        var before = saved.profile();
        var profile = new MachineProfile(
                before.hypervisor(),
                version.toString(),
                before.machineType(),
                before.accelerator(),
                before.architecture(),
                before.vcpus(),
                before.memoryBytes(),
                spec.disks(),
                before.mac());
        return new RunningMachine(
                process.pid(), process.startTicks(), process.boot(), ownMemory, profile, places.home());
    }

    /** Removes the directory: the monitor has read what it needs, or holds it open. */
    void clear() throws IOException {
        var directory = places.restore();
        for (var name : List.of(CONFIG, STATE, RANGES)) {
            Files.deleteIfExists(directory.resolve(name));
        }
        Files.deleteIfExists(directory);
    }

    private static boolean isJson(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (var parser = new JsonMapper().createParser(file.toFile())) {
            while (parser.nextToken() != null) {
                parser.skipChildren();
            }
            return Files.size(file) > 0;
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
