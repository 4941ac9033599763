package dev.snapfork.instance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** The virtual machine monitors that the contract names. */
public enum Hypervisor {
    CLOUD_HYPERVISOR("cloud-hypervisor"),
    FIRECRACKER("firecracker"),
    QEMU("qemu"),
    QEMU_MICROVM("qemu-microvm"),
    /** Apple's Virtualization framework: its machine state is opaque and bound to macOS. */
    VZ("vz");

    private final String text;

    Hypervisor(String text) {
        this.text = text;
    }

    @JsonValue
    public String text() {
        return text;
    }

    /** @throws IllegalArgumentException naming the allowed values */
    @JsonCreator
    public static Hypervisor parse(String text) {
        return Arrays.stream(values())
                .filter(hypervisor -> hypervisor.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("hypervisor must be one of "
                        + String.join(
                                ", ",
                                Arrays.stream(values()).map(Hypervisor::text).toList()) + ", got " + text));
    }
}
