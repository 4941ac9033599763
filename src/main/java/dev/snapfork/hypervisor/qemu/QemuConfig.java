package dev.snapfork.hypervisor.qemu;

import java.time.Duration;

/**
 * How QEMU is run.
 *
 * @param binary a path, or a name to be looked for in PATH
 * @param launchLimit until a machine that was started answers, or has read its state
 * @param commandLimit of a single QMP command
 * @param saveLimit of saving a machine
 */
public record QemuConfig(
        String binary, Accelerator accelerator, Duration launchLimit, Duration commandLimit, Duration saveLimit) {
    /** What new machines run with. */
    public enum Accelerator {
        KVM,
        TCG,
        /** KVM if it really runs a guest, which is tried out: there are hosts where it can be opened and none ever starts. */
        AUTO
    }
}
