/**
 * Faults on purpose: the named steps at which a process may die, fail or stand still, and a plan that has it do so. Everything
 * that changes something tells its steps to a {@link dev.snapfork.fault.Faults}, which in production is one that does nothing.
 * Knows the JDK only, and nothing of what is done between two steps.
 */
@NullMarked
package dev.snapfork.fault;

import org.jspecify.annotations.NullMarked;
