/**
 * Running machines: the port {@link dev.snapfork.hypervisor.Vmm} and the values it speaks in; one sub-package per monitor. Knows
 * nothing of commands, events or manifests, and nothing here decides whether a machine should run.
 */
@NullMarked
package dev.snapfork.hypervisor;

import org.jspecify.annotations.NullMarked;
