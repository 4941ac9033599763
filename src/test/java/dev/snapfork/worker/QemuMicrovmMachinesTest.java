package dev.snapfork.worker;

import dev.snapfork.instance.Hypervisor;

/** As microvms, that have other devices and no firmware of a PC. */
class QemuMicrovmMachinesTest extends ForkedMachines {
    @Override
    Hypervisor hypervisor() {
        return Hypervisor.QEMU_MICROVM;
    }

    @Override
    Hypervisor other() {
        return Hypervisor.QEMU;
    }
}
