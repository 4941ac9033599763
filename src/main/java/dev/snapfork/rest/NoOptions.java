package dev.snapfork.rest;

/** A body in which nothing is asked for that changes anything. */
record NoOptions() {}
