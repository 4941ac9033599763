package dev.snapfork.hypervisor;

/** What has become of a machine. */
public enum MachineStatus {
    RUNNING,
    /** The guest's processors stand still; the monitor answers. */
    PAUSED,
    /** The process has ended, or the one with its number is another; also after a restart of the host. */
    GONE,
    /** The process is there and does not answer in time. */
    SILENT
}
