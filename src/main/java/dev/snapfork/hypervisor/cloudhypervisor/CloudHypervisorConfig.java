package dev.snapfork.hypervisor.cloudhypervisor;

import dev.snapfork.hypervisor.http.Deadlines;
import java.nio.file.Path;

/**
 * Where Cloud Hypervisor is on this host, and how it is used.
 *
 * @param binary the program
 * @param device /dev/kvm
 * @param onDemand whether memory that was written to a file is read when the guest touches it, instead of all at once; versions
 *     before 52 read all at once. Needs userfaultfd
 */
public record CloudHypervisorConfig(Path binary, Path device, boolean onDemand, Deadlines deadlines) {}
