package dev.snapfork.hypervisor.qemu;

import dev.snapfork.hypervisor.Launch;
import dev.snapfork.hypervisor.Launch.Reason;
import dev.snapfork.hypervisor.Launch.Refused;
import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineProfile;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.SavedMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;

/**
 * What is looked at before QEMU is started. It would find some of this out itself, but late, and some never: with no memory file it makes
 * one of zeros, and the machine boots anew instead of going on.
 */
final class Preflight {
    static final String ARCHITECTURE = "x86_64";
    /** Of the kernel: bytes in a socket's path, without the one at its end. */
    private static final int LONGEST_SOCKET = 107;

    Optional<Launch> boot(MachineSpec spec, MachineHome home) {
        var longest = home.runtime().resolve("qmp-spare.sock").toString();
        if (longest.getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET) {
            return refused(
                    Reason.INVALID,
                    "the runtime directory's path is too long for sockets: " + longest + " has more than "
                            + LONGEST_SOCKET + " bytes, set snapfork.machines.runtime-dir to a shorter one");
        }
        var kernel = spec.kernel();
        if (!Files.isReadable(kernel.image())) {
            return refused(Reason.INVALID, "the image's kernel cannot be read");
        }
        var initrd = kernel.initrd();
        if (initrd != null && !Files.isReadable(initrd)) {
            return refused(Reason.INVALID, "the image's initrd cannot be read");
        }
        for (var disk : spec.disks()) {
            if (!Files.isReadable(home.directory().resolve(disk.file()))) {
                return refused(Reason.DAMAGED, "the disk " + disk.file() + " is missing");
            }
        }
        return Optional.empty();
    }

    Optional<Launch> load(SavedMachine saved, MachineSpec spec, Installed qemu) {
        var profile = saved.profile();
        return compatible(profile, spec, qemu).or(() -> whole(saved));
    }

    private static Optional<Launch> compatible(MachineProfile profile, MachineSpec spec, Installed qemu) {
        if (profile.machineType().isEmpty()) {
            return incompatible("it was not saved by Snapfork, and QEMU's state does not say enough of its machine");
        }
        if (profile.hypervisor() != qemu.hypervisor()) {
            return incompatible("it was saved by " + profile.hypervisor().text() + ", which "
                    + qemu.hypervisor().text() + " cannot load");
        }
        if (!profile.version().equals(qemu.version())) {
            return incompatible("it was saved by QEMU " + profile.version() + ", and this host has " + qemu.version()
                    + ": device state is read by the same version only");
        }
        if (!profile.machineType().equals(qemu.machineType())) {
            return incompatible("it was saved on a machine of type " + profile.machineType() + ", and this host has "
                    + qemu.machineType());
        }
        if (!profile.accelerator().equals(qemu.accelerator())) {
            return incompatible("it was saved under " + profile.accelerator() + ", and this host runs machines under "
                    + qemu.accelerator());
        }
        if (!profile.architecture().equals(ARCHITECTURE)) {
            return incompatible("it was saved on a processor of type " + profile.architecture());
        }
        if (profile.memoryBytes() != spec.memoryBytes() || profile.vcpus() != spec.vcpus()) {
            return incompatible("it was saved with " + profile.vcpus() + " vcpus and " + profile.memoryBytes()
                    + " bytes of memory, which cannot be changed");
        }
        if (!profile.disks().equals(spec.disks()) || (profile.mac() == null) != (spec.mac() == null)) {
            return incompatible("it was saved with other devices than it has now");
        }
        return Optional.empty();
    }

    private static Optional<Launch> whole(SavedMachine saved) {
        try {
            var memory = saved.memory().file();
            if (!Files.isRegularFile(memory)) {
                return refused(Reason.DAMAGED, "the memory is missing");
            }
            if (Files.size(memory) != saved.profile().memoryBytes()) {
                return refused(
                        Reason.DAMAGED,
                        "the memory has " + Files.size(memory) + " bytes instead of "
                                + saved.profile().memoryBytes());
            }
            var state = saved.directory().resolve(QemuVmm.STATE);
            if (!Files.isRegularFile(state)) {
                return refused(Reason.DAMAGED, "the device state is missing");
            }
            StateSocket.requireState(state);
            return Optional.empty();
        } catch (IOException e) {
            return refused(Reason.DAMAGED, String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Launch> incompatible(String why) {
        return refused(Reason.INCOMPATIBLE, "the machine cannot go on here: " + why);
    }

    private static Optional<Launch> refused(Reason reason, String message) {
        return Optional.of(new Refused(reason, message));
    }
}
