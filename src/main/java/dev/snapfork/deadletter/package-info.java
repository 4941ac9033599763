/**
 * Records that could not be handled: what is kept of them, their form on the dead-letter topic, and the publisher, which also puts them
 * back where they came from. Why a record cannot be handled is for the stages to say.
 */
@NullMarked
package dev.snapfork.deadletter;

import org.jspecify.annotations.NullMarked;
