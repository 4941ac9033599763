package dev.snapfork.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.commit.ContextHolder;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.vertx.mutiny.core.Vertx;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PatientCommitTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int FAILURES = 3;
    private static final Vertx VERTX = Vertx.vertx();

    @AfterAll
    static void endTheLoops() {
        VERTX.closeAndAwait();
    }

    /** A strategy whose broker is away for the first few questions. */
    private static final class Away extends ContextHolder implements KafkaCommitHandler {
        final AtomicInteger questions = new AtomicInteger();
        final AtomicInteger commits = new AtomicInteger();
        final Set<Thread> askers = ConcurrentHashMap.newKeySet();

        Away() {
            super(VERTX, 1000);
        }

        @Override
        public <K, V> Uni<IncomingKafkaRecord<K, V>> received(IncomingKafkaRecord<K, V> record) {
            askers.add(Thread.currentThread());
            return questions.incrementAndGet() <= FAILURES
                    ? Uni.createFrom().failure(new TimeoutException("no answer"))
                    : Uni.createFrom().item(record);
        }

        @Override
        public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record) {
            commits.incrementAndGet();
            return Uni.createFrom().voidItem();
        }
    }

    private static IncomingKafkaRecord<String, String> record() {
        return new IncomingKafkaRecord<>(
                new ConsumerRecord<>("snapfork.commands", 3, 7, "key", "value"), "commands", 0, null, null, false);
    }

    @Test
    void theQuestionIsAskedAgainWhereItWasAskedFirstUntilItIsAnswered() {
        var away = new Away();
        var patient = PatientCommit.over(away, VERTX, "commands");
        var context = VERTX.getOrCreateContext().getDelegate();
        patient.capture(context);
        var record = record();

        var got = new CompletableFuture<Object>();
        context.runOnContext(
                nothing -> patient.received(record).subscribe().with(got::complete, got::completeExceptionally));

        assertThat(got).succeedsWithin(LIMIT).isSameAs(record);
        assertThat(away.questions).hasValue(FAILURES + 1);
        assertThat(away.askers).hasSize(1);
    }

    @Test
    void theStrategyBelowGetsItsContextAndWhatIsCommitted() {
        var away = new Away();
        var patient = PatientCommit.over(away, VERTX, "commands");
        var context = VERTX.getOrCreateContext().getDelegate();

        patient.capture(context);
        patient.handle(record()).await().atMost(LIMIT);

        assertThat(away.getContext().getDelegate()).isSameAs(context);
        assertThat(away.commits).hasValue(1);
    }

    @Test
    void everyChannelThatTakesCommandsIsPatient() throws IOException {
        var configuration = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("src", "main", "resources", "application.properties"))) {
            configuration.load(reader);
        }
        var patient = new HashSet<String>();
        for (var name : configuration.stringPropertyNames()) {
            if (name.endsWith(".commit-strategy") && "patient".equals(configuration.getProperty(name))) {
                patient.add(name.split("\\.", -1)[3]);
            }
        }
        assertThat(patient).containsExactlyInAnyOrder("commands", "compressions", "verifications");
    }
}
