package dev.snapfork.hypervisor.http;

import dev.snapfork.hypervisor.Launch;
import dev.snapfork.hypervisor.Launch.Reason;
import dev.snapfork.hypervisor.Launch.Refused;
import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.Probe;
import dev.snapfork.hypervisor.SavedMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;
import java.util.stream.Stream;

/** What is looked at before a monitor is started. Each answer is empty if nothing is wrong. */
public final class Admission {
    private Admission() {}

    /** Whether there is a monitor, and its socket's path is not too long. */
    public static Optional<Refused> toStart(Probe probe, MachineHome home) {
        return switch (probe) {
            case Probe.Unavailable unavailable -> refused(Reason.NOT_SUPPORTED, unavailable.reason());
            case Probe.Available available -> shortEnough(home);
        };
    }

    /** Whether what was saved is for this monitor, makes the machine that is wanted, and has its memory. */
    public static Optional<Refused> toLoad(SavedMachine saved, MachineSpec spec, Probe.Available here)
            throws IOException {
        return Stream.of(compatible(saved, spec, here), sameDevices(saved, spec), memory(saved))
                .flatMap(Optional::stream)
                .findFirst();
    }

    public static Optional<Refused> refused(Reason reason, String message) {
        return Optional.of(new Launch.Refused(reason, message));
    }

    /** The same once the monitor has said its version itself: its program may have been replaced since it was probed. */
    public static Optional<Refused> sameVersion(SavedMachine saved, String here) {
        return Version.same(saved.profile().version(), here)
                ? Optional.empty()
                : refused(
                        Reason.INCOMPATIBLE,
                        "saved by " + saved.profile().hypervisor().text() + " "
                                + saved.profile().version() + ", and only that version can load it; here is " + here);
    }

    private static Optional<Refused> compatible(SavedMachine saved, MachineSpec spec, Probe.Available here) {
        var profile = saved.profile();
        if (profile.hypervisor() != spec.hypervisor()) {
            return refused(
                    Reason.INCOMPATIBLE,
                    "saved by " + profile.hypervisor().text() + ", which "
                            + spec.hypervisor().text() + " cannot load");
        }
        if (!profile.architecture().equals(here.architecture())) {
            return refused(
                    Reason.INCOMPATIBLE,
                    "saved for " + profile.architecture() + ", and this host is " + here.architecture());
        }
        return sameVersion(saved, here.version());
    }

    private static Optional<Refused> sameDevices(SavedMachine saved, MachineSpec spec) {
        var profile = saved.profile();
        if (profile.vcpus() != spec.vcpus() || profile.memoryBytes() != spec.memoryBytes()) {
            return refused(
                    Reason.INCOMPATIBLE,
                    "saved with " + profile.vcpus() + " vcpus and " + profile.memoryBytes() + " bytes of memory, not "
                            + spec.vcpus() + " and " + spec.memoryBytes());
        }
        if (profile.disks().size() != spec.disks().size()) {
            return refused(
                    Reason.INCOMPATIBLE,
                    "saved with " + profile.disks().size() + " disks, not "
                            + spec.disks().size());
        }
        if ((profile.mac() == null) != (spec.mac() == null)) {
            return refused(
                    Reason.INCOMPATIBLE,
                    profile.mac() == null
                            ? "saved without a network, not with one"
                            : "saved with a network, not without");
        }
        return Optional.empty();
    }

    private static Optional<Refused> memory(SavedMachine saved) throws IOException {
        var file = saved.memory().file();
        if (!Files.isRegularFile(file)) {
            return refused(Reason.DAMAGED, "the memory is not there: " + file.getFileName());
        }
        var size = Files.size(file);
        return size == saved.profile().memoryBytes()
                ? Optional.empty()
                : refused(
                        Reason.DAMAGED,
                        "the memory has " + size + " bytes instead of "
                                + saved.profile().memoryBytes());
    }

    private static Optional<Refused> shortEnough(MachineHome home) {
        var socket = ApiMonitor.socket(home).toString();
        var length = socket.getBytes(StandardCharsets.UTF_8).length;
        return length <= ApiSocket.LONGEST_PATH
                ? Optional.empty()
                : refused(
                        Reason.INVALID,
                        "a socket's path has at most " + ApiSocket.LONGEST_PATH + " bytes, got " + length + ": "
                                + socket);
    }
}
