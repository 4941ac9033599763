/**
 * Measures Snapfork against the command-line tools that do the same work elsewhere, by turns in one run, and prints the
 * figures as ratios; {@code deploy/bench/run} starts it. Here belongs what measures, reckons and prints. It uses the codec and
 * the HTTP API as they are: nothing here is known to the service, and nothing here decides whether a build is good.
 */
@NullMarked
package dev.snapfork.bench;

import org.jspecify.annotations.NullMarked;
