/**
 * Cloud Hypervisor: configured and saved through its API socket, one process a machine. What it saves is a readable configuration, a
 * state, and memory that is either in a file of the machine's own or written beside them; a fork gets a configuration of its own.
 */
@NullMarked
package dev.snapfork.hypervisor.cloudhypervisor;

import org.jspecify.annotations.NullMarked;
