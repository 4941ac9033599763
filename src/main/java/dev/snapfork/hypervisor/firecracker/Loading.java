package dev.snapfork.hypervisor.firecracker;

import static dev.snapfork.hypervisor.firecracker.NewMachine.json;

import dev.snapfork.hypervisor.Launch.Reason;
import dev.snapfork.hypervisor.Launch.Refused;
import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineProfile;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.SavedMachine;
import dev.snapfork.hypervisor.TapName;
import dev.snapfork.hypervisor.http.Admission;
import dev.snapfork.hypervisor.http.ApiLauncher;
import dev.snapfork.hypervisor.http.Call;
import dev.snapfork.hypervisor.http.Installation;
import dev.snapfork.hypervisor.http.Version;
import dev.snapfork.hypervisor.process.ProcessKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One loading of a saved machine. */
final class Loading implements ApiLauncher.Plan {
    static final String STATE = "state";

    private static final Pattern TAP = Pattern.compile(TapName.FORM);

    private final SavedMachine saved;
    private final MachineSpec spec;
    private final MachineHome home;
    private final Duration limit;
    private Path stateFile;
    private boolean vsockMoves;

    Loading(SavedMachine saved, MachineSpec spec, MachineHome home, Duration limit) {
        this.saved = saved;
        this.spec = spec;
        this.home = home;
        this.limit = limit;
        this.stateFile = saved.directory().resolve(STATE).toAbsolutePath();
    }

    /** Sees to it that all paths of the state lead into the machine's home; the state that was saved stays as it is. */
    Optional<Refused> prepare(Version version) throws IOException {
        var read = State.read(stateFile);
        if (read.isEmpty()) {
            return Admission.refused(Reason.DAMAGED, "the device state is not there, or not as it was saved");
        }
        var original = read.get();
        var state = saved.origin() == null ? original : original.relativeFrom(saved.origin());
        for (var index = 0; index < spec.disks().size(); index++) {
            var refusal =
                    disk(state, saved.profile().disks().get(index), spec.disks().get(index));
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        if (spec.mac() != null && !version.isAtLeast(1, 12)) {
            var taps = state.all(TAP);
            if (taps.size() != 1) {
                return Admission.refused(
                        Reason.INCOMPATIBLE,
                        "the host's network device of this snapshot is known to its state only, and Firecracker "
                                + version + " cannot be told another; 1.12 can");
            }
            state = state.with(taps.getFirst(), TapName.of(home));
        }
        vsock(state, version);
        if (state != original) {
            Files.createDirectories(home.runtime());
            stateFile = home.runtime().resolve(STATE).toAbsolutePath();
            state.write(stateFile);
        }
        return Optional.empty();
    }

    private Optional<Refused> disk(State state, MachineSpec.Disk before, MachineSpec.Disk now) {
        if (!before.file().equals(now.file())) {
            return Admission.refused(
                    Reason.INVALID,
                    "Firecracker's state names the disk " + before.file() + ", it cannot be " + now.file());
        }
        if (!state.names(before.file())) {
            return Admission.refused(Reason.DAMAGED, "the device state knows no disk " + before.file());
        }
        if (!state.namesBelowHere(before.file())) {
            return Admission.refused(
                    Reason.INCOMPATIBLE,
                    "the device state names the disk " + before.file() + " by an absolute path"
                            + (saved.origin() == null ? "" : " that is not below " + saved.origin())
                            + ", and would use another machine's");
        }
        return Optional.empty();
    }

    private void vsock(State state, Version version) throws IOException {
        if (state.names(Vsock.PLACE)) {
            Vsock.prepare(home, Vsock.PLACE);
        } else if (state.names("/" + Vsock.TAKEN_OVER)) {
            vsockMoves = version.isAtLeast(1, 16);
            Vsock.prepare(home, vsockMoves ? Vsock.PLACE : Vsock.TAKEN_OVER);
        }
    }

    @Override
    public Optional<Refused> refusal(Version version) {
        return Admission.sameVersion(saved, version.toString());
    }

    /** One call, with the fields that this version knows: Firecracker refuses others. */
    @Override
    public List<Call> calls(Version version) {
        var body = json().put("snapshot_path", stateFile.toString()).put("resume_vm", false);
        body.putObject("mem_backend")
                .put("backend_type", "File")
                .put("backend_path", saved.memory().file().toAbsolutePath().toString());
        if (spec.mac() != null && version.isAtLeast(1, 12)) {
            body.putArray("network_overrides")
                    .addObject()
                    .put("iface_id", NewMachine.INTERFACE)
                    .put("host_dev_name", TapName.of(home));
        }
        if (vsockMoves) {
            body.putObject("vsock_override").put("uds_path", Vsock.PLACE);
        }
        if (version.isAtLeast(1, 16) && Installation.architecture().equals("x86_64")) {
            body.put("clock_realtime", true);
        }
        return List.of(Call.put("/snapshot/load", body.toString(), limit));
    }

    /** The guest's MAC stays the one in the state; Firecracker can be told no other. */
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
        return new RunningMachine(process.pid(), process.startTicks(), process.boot(), false, profile, home);
    }
}
