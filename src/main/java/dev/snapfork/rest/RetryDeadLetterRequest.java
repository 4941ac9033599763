package dev.snapfork.rest;

/** The body that asks for a letter to be published again; {@code again} if that was done before. */
record RetryDeadLetterRequest(boolean again) {}
