/**
 * The machines of this host: what they are made of, starting and ending them, finding those whose service died. Works through the
 * ports {@link dev.snapfork.hypervisor.Vmm} and {@link dev.snapfork.guest}; decides nothing, and knows no commands or events.
 */
@NullMarked
package dev.snapfork.machine;

import org.jspecify.annotations.NullMarked;
