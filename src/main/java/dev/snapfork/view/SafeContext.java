package dev.snapfork.view;

import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.function.Supplier;

/** Lets any thread use Hibernate Reactive, which wants a Vert.x context of its own for each unit of work. */
@ApplicationScoped
class SafeContext {
    private final Vertx vertx;

    SafeContext(Vertx vertx) {
        this.vertx = vertx;
    }

    <T> Uni<T> run(Supplier<Uni<T>> work) {
        return Uni.createFrom().emitter(emitter -> {
            var context = Objects.requireNonNull(VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext()));
            VertxContextSafetyToggle.setContextSafe(context, true);
            context.runOnContext(ignored ->
                    Uni.createFrom().deferred(() -> work.get()).subscribe().with(emitter::complete, emitter::fail));
        });
    }
}
