package dev.snapfork.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SparinglyTest {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Sparingly lines = new Sparingly(EVERY, now::get);

    @Test
    void theFirstIsWrittenAndTheNextSaysHowManyWereLeftOut() {
        assertThat(lines.next()).isEqualTo(OptionalLong.of(0));
        now.addAndGet(EVERY.toNanos() - 1);
        assertThat(lines.next()).isEmpty();
        assertThat(lines.next()).isEmpty();
        now.addAndGet(1);
        assertThat(lines.next()).isEqualTo(OptionalLong.of(2));
        now.addAndGet(EVERY.toNanos());
        assertThat(lines.next()).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void ofManyAtOnceOneIsWritten() {
        var written = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < 1000; i++) {
                threads.execute(() -> lines.next().ifPresent(leftOut -> written.incrementAndGet()));
            }
        }
        now.addAndGet(EVERY.toNanos());

        assertThat(written).hasValue(1);
        assertThat(lines.next()).isEqualTo(OptionalLong.of(999));
    }
}
