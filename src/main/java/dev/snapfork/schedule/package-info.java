/**
 * Stage: what is due by snapshot schedules becomes commands. It decides from the read model, agrees with other schedulers in PostgreSQL,
 * and changes nothing itself: runs, deletions by retention and the end of a schedule are the workers' to do.
 */
@NullMarked
package dev.snapfork.schedule;

import org.jspecify.annotations.NullMarked;
