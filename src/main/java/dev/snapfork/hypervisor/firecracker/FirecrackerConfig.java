package dev.snapfork.hypervisor.firecracker;

import dev.snapfork.hypervisor.http.Deadlines;
import java.nio.file.Path;

/**
 * Where Firecracker is on this host.
 *
 * @param binary the program
 * @param device /dev/kvm
 */
public record FirecrackerConfig(Path binary, Path device, Deadlines deadlines) {}
