/** Snapfork: captures, compresses and forks microVMs. The flow is visible in the packages below. */
@org.jspecify.annotations.NullMarked
package dev.snapfork;
