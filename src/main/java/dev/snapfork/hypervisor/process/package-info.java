/**
 * Processes that outlive the service which started them: how they are started, known again, and ended. Knows nothing of any
 * monitor, and of the port only where a machine lives.
 */
@NullMarked
package dev.snapfork.hypervisor.process;

import org.jspecify.annotations.NullMarked;
