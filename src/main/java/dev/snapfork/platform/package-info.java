/**
 * What every stage stands on: configuration, security, error bodies, health, topics. No business words.
 */
@NullMarked
package dev.snapfork.platform;

import org.jspecify.annotations.NullMarked;
