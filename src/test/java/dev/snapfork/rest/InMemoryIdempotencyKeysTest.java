package dev.snapfork.rest;

class InMemoryIdempotencyKeysTest extends IdempotencyKeysContract {
    private final InMemoryIdempotencyKeys keys = new InMemoryIdempotencyKeys();

    @Override
    IdempotencyKeys keys() {
        return keys;
    }
}
