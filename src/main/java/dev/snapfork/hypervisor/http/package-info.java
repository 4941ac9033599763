/**
 * Monitors that are spoken to with HTTP over a Unix socket of theirs: the client, and what starting, asking and ending such a
 * monitor has in common. What is said, and what the answers mean, is each driver's {@link dev.snapfork.hypervisor.http.Dialect}.
 */
@NullMarked
package dev.snapfork.hypervisor.http;

import org.jspecify.annotations.NullMarked;
