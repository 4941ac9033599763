package dev.snapfork.event;

/**
 * The key of an event's record.
 *
 * @param id what compaction goes by: the aggregate
 * @param near what the partition is chosen by: an operation's end stands behind the change it reports
 */
public record EventKey(String id, String near) {}
