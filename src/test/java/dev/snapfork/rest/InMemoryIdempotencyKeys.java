package dev.snapfork.rest;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The keys of processes that are one. */
final class InMemoryIdempotencyKeys implements IdempotencyKeys {
    private final Map<IdempotencyKey, Claim> claims = new HashMap<>();

    private static Instant made(Claim claim) {
        return claim.envelope().issuedAt();
    }

    private synchronized Optional<Claim> standing(IdempotencyKey key, Instant since) {
        return Optional.ofNullable(claims.get(key)).filter(claim -> !made(claim).isBefore(since));
    }

    @Override
    public Uni<Optional<Claim>> find(IdempotencyKey key, Instant since) {
        return Uni.createFrom().item(() -> standing(key, since));
    }

    @Override
    public Uni<Claim> claim(Claim wanted, Instant since) {
        return Uni.createFrom().item(() -> {
            synchronized (this) {
                return standing(wanted.key(), since).orElseGet(() -> {
                    claims.put(wanted.key(), wanted);
                    return wanted;
                });
            }
        });
    }

    @Override
    public Uni<Boolean> takeOver(Claim claim, Instant now, Instant until) {
        return Uni.createFrom().item(() -> {
            synchronized (this) {
                var found = claims.get(claim.key());
                if (found == null
                        || !found.operation().equals(claim.operation())
                        || found.publishUntil().isAfter(now)) {
                    return false;
                }
                claims.put(claim.key(), new Claim(found.key(), found.request(), found.envelope(), until));
                return true;
            }
        });
    }

    @Override
    public Uni<Void> giveBack(Claim claim) {
        return Uni.createFrom()
                .item(() -> {
                    synchronized (this) {
                        return claims.computeIfPresent(
                                claim.key(),
                                (key, found) -> found.operation().equals(claim.operation())
                                        ? new Claim(key, found.request(), found.envelope(), made(found))
                                        : found);
                    }
                })
                .replaceWithVoid();
    }

    @Override
    public Uni<Integer> forgetBefore(Instant time, int most) {
        return Uni.createFrom().item(() -> {
            synchronized (this) {
                var expired = claims.values().stream()
                        .filter(claim -> made(claim).isBefore(time))
                        .map(Claim::key)
                        .limit(most)
                        .toList();
                expired.forEach(claims::remove);
                return expired.size();
            }
        });
    }
}
