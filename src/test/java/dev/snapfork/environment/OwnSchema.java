package dev.snapfork.environment;

import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Tables of a test's own, made by the service's migrations: a service that runs beside does not see them. */
public final class OwnSchema implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final String name = "test_" + UUID.randomUUID().toString().replace("-", "");
    private final Pool pool;

    /** @param migrations the files' names, such as {@code V2__worker_claims.sql} */
    public OwnSchema(String... migrations) throws IOException {
        this(SharedEnvironment.get(), migrations);
    }

    /** The same in that environment's database. */
    public OwnSchema(SharedEnvironment environment, String... migrations) throws IOException {
        var options = PgConnectOptions.fromUri(environment.reactiveUrl().replaceFirst("^vertx-reactive:", ""))
                .setUser(environment.username())
                .setPassword(environment.password());
        options.addProperty("search_path", name);
        pool = Pool.newInstance(PgBuilder.pool()
                .connectingTo(options)
                .with(new PoolOptions().setMaxSize(4))
                .using(vertx)
                .build());
        run("create schema " + name);
        for (var migration : migrations) {
            apply(migration);
        }
    }

    /** One more of the service's migrations, now that there are rows. */
    public void apply(String migration) throws IOException {
        run(text("/db/migration/" + migration));
    }

    /** Connections that see these tables alone. */
    public Pool pool() {
        return pool;
    }

    private void run(String sql) {
        var unused = pool.query(sql).execute().await().atMost(LIMIT);
    }

    private static String text(String resource) throws IOException {
        try (var stream = OwnSchema.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new FileNotFoundException(resource);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        run("drop schema " + name + " cascade");
        pool.close().await().atMost(LIMIT);
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
