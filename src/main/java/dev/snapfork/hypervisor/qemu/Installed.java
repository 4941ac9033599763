package dev.snapfork.hypervisor.qemu;

import dev.snapfork.instance.Hypervisor;

/**
 * QEMU as it is installed here, for one kind of machine.
 *
 * @param version exact, such as 7.2.22
 * @param machineType never an alias, where there are versions of it
 * @param accelerator kvm or tcg
 * @param hostKhz what the host's clock is thought to run at
 */
record Installed(
        Hypervisor hypervisor, String binary, String version, String machineType, String accelerator, long hostKhz) {
    private static final int READ_ONLY_SINCE = 802;

    /** Since 8.2 a file can be opened for reading and mapped privately for writing; before, QEMU opens it for both. */
    boolean canMapReadOnly() {
        var parts = version.split("[^0-9]+", -1);
        return Integer.parseInt(parts[0]) * 100 + (parts.length > 1 ? Integer.parseInt(parts[1]) : 0)
                >= READ_ONLY_SINCE;
    }

    String virtio(String device) {
        return "virtio-" + device + (isMicrovm() ? "-device" : "-pci");
    }

    /** A microvm has no slot for it. */
    boolean hasGenerationId() {
        return !isMicrovm();
    }

    /**
     * The kernel's command line. A microvm's clock is measured by the guest at its start, which without KVM on a busy host fails or hangs; so
     * the guest is told.
     */
    String commandLine(String image) {
        return isMicrovm() && accelerator.equals("tcg") && !image.contains("tsc_early_khz=")
                ? (image + " tsc_early_khz=" + hostKhz).strip()
                : image;
    }

    private boolean isMicrovm() {
        return hypervisor == Hypervisor.QEMU_MICROVM;
    }
}
