package dev.snapfork.view;

/** An orderly stop has come so far that nobody is kept waiting any more: {@code quarkus.shutdown.delay} is over. */
public record DrainBegun() {}
