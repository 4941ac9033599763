package dev.snapfork.hypervisor;

import dev.snapfork.instance.Hypervisor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a saved or running machine is made of, as far as loading it again depends on that. Kept as JSON beside the state.
 *
 * @param version the monitor's own, exact
 * @param machineType what the monitor calls it, never an alias; empty where there is only one
 * @param accelerator such as tcg or kvm
 * @param architecture of the guest's processor, such as x86_64
 * @param memoryBytes of the guest's memory
 * @param disks what the device state expects
 * @param mac what the device state holds
 */
public record MachineProfile(
        Hypervisor hypervisor,
        String version,
        String machineType,
        String accelerator,
        String architecture,
        int vcpus,
        long memoryBytes,
        List<MachineSpec.Disk> disks,
        @Nullable String mac) {
    public MachineProfile {
        Objects.requireNonNull(hypervisor, "hypervisor");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(machineType, "machine_type");
        Objects.requireNonNull(accelerator, "accelerator");
        Objects.requireNonNull(architecture, "architecture");
        disks = List.copyOf(disks);
    }
}
