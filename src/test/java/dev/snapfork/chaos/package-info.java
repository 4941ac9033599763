/**
 * The service as it is deployed, in several processes, under load, while a killer ends and stops whatever it meets; then a look at
 * whether everything that was promised is so. No simulation: that is {@code simulation}'s.
 */
@org.jspecify.annotations.NullMarked
package dev.snapfork.chaos;
