/**
 * QEMU, as a PC (q35) and as a microvm. Guest memory is a file that QEMU maps, so that device state is small and memory never moves;
 * it is controlled by QMP over Unix sockets, and so is its state carried.
 */
@NullMarked
package dev.snapfork.hypervisor.qemu;

import org.jspecify.annotations.NullMarked;
