/**
 * The host's end of the guest agent: what makes a machine that was forked, byte for byte the same as its source, one of its own. Its
 * protocol is in {@code deploy/guest-agent/README.md}. Knows nothing of monitors but a socket's path, nor who asks and why.
 */
@NullMarked
package dev.snapfork.guest;

import org.jspecify.annotations.NullMarked;
