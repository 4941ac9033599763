/**
 * Firecracker: configured and saved through its API socket, one process a machine. Its state names files and cannot be told others,
 * so machines name theirs relative to the directory that they run in, and a fork needs no rewriting.
 */
@NullMarked
package dev.snapfork.hypervisor.firecracker;

import org.jspecify.annotations.NullMarked;
