/**
 * What both logs share: CloudEvents 1.0 on Kafka in binary mode, and the JSON of their data. No business words.
 */
@NullMarked
package dev.snapfork.log;

import org.jspecify.annotations.NullMarked;
