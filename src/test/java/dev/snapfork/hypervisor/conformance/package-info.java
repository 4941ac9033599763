/**
 * Protocol conformance: stand-ins for Cloud Hypervisor and Firecracker, processes of their own that hold every request against the
 * published specifications, keep the monitors' states, and write and read files as they do. No guest runs in them. Where {@code
 * SNAPFORK_TEST_CLOUD_HYPERVISOR} or {@code SNAPFORK_TEST_FIRECRACKER} name a program, tests that a real monitor can pass run with that,
 * and boot the kernel that {@code SNAPFORK_TEST_KERNEL} names.
 */
@NullMarked
package dev.snapfork.hypervisor.conformance;

import org.jspecify.annotations.NullMarked;
