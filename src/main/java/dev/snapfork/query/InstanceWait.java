package dev.snapfork.query;

import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.platform.ApiError;
import dev.snapfork.platform.BadRequestException;
import dev.snapfork.platform.Scope;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.view.InstanceViews;
import dev.snapfork.view.InstanceWaits;
import dev.snapfork.view.OperationWaits;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Waits for an instance's state. No thread waits: the read model's changes end a wait, or its time does. As many may wait as calls may
 * for their commands, {@code snapfork.api.max-waiting}.
 */
@Path("/instances")
class InstanceWait {
    private static final Duration DEFAULT = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final InstanceViews instances;
    private final InstanceWaits waits;
    private final AtomicInteger waiting = new AtomicInteger();
    private final int most;

    InstanceWait(InstanceViews instances, InstanceWaits waits, SnapforkConfig config) {
        this.instances = instances;
        this.waits = waits;
        this.most = config.api().maxWaiting();
    }

    /** The contract's answer. */
    private record Answer(InstanceState state, @Nullable String stateError, boolean timedOut) {
        static Answer of(Instance instance, boolean timedOut) {
            return new Answer(instance.state(), instance.stateError(), timedOut);
        }
    }

    @GET
    @Path("/{id}/wait")
    @Scope("instance:read")
    public Uni<Response> await(@PathParam("id") String reference, @Context UriInfo uri) {
        return waited(reference, wanted(uri.getQueryParameters()), limit(uri.getQueryParameters()));
    }

    Uni<Response> waited(String reference, InstanceState wanted, Duration limit) {
        return ReadLimit.of(instances.resolve(reference))
                .chain(instance -> isOver(instance, wanted)
                        ? Uni.createFrom().item(Paging.json(Answer.of(instance, false)))
                        : counted(until(instance.id(), wanted, limit).map(Paging::json)))
                .onFailure(OperationWaits.StoppingException.class)
                .recoverWithItem(() -> later(503, "unavailable", "this process stops: ask another one", 2));
    }

    /** Nothing is known to lead out of Unknown, and its caller should rather hear why it is so. */
    private static boolean isOver(Instance instance, InstanceState wanted) {
        return instance.state() == wanted || instance.state() == InstanceState.UNKNOWN;
    }

    private Uni<Answer> until(InstanceId id, InstanceState wanted, Duration limit) {
        return waits.until(id, instance -> isOver(instance, wanted), limit)
                .map(instance -> Answer.of(instance, false))
                .onFailure(TimeoutException.class)
                // what it is now; that it is as wanted after all is no reason to say that it is not
                .recoverWithUni(() -> ReadLimit.of(instances.resolve(id.value()))
                        .map(instance -> Answer.of(instance, !isOver(instance, wanted))));
    }

    private Uni<Response> counted(Uni<Response> wait) {
        return Uni.createFrom().deferred(() -> {
            if (waiting.incrementAndGet() > most) {
                waiting.decrementAndGet();
                return Uni.createFrom()
                        .item(later(
                                429,
                                ApiError.TOO_MANY_REQUESTS,
                                "more than " + most + " calls wait for instances here: ask again later",
                                1));
            }
            var left = new AtomicBoolean();
            return wait.onTermination().invoke(() -> {
                if (left.compareAndSet(false, true)) {
                    waiting.decrementAndGet();
                }
            });
        });
    }

    private static InstanceState wanted(MultivaluedMap<String, String> query) {
        var state = Parameters.single(query, "state");
        if (state == null) {
            throw new BadRequestException("state is required: say which one to wait for");
        }
        try {
            return InstanceState.parse(state);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("invalid_state", String.valueOf(e.getMessage()));
        }
    }

    /** What is longer than the longest is that. */
    private static Duration limit(MultivaluedMap<String, String> query) {
        var text = Parameters.single(query, "timeout");
        if (text == null) {
            return DEFAULT;
        }
        try {
            var limit = GoDuration.parse(text).value();
            if (limit.isNegative() || limit.isZero()) {
                throw new BadRequestException("invalid_timeout", "timeout must be more than nothing, got " + text);
            }
            return limit.compareTo(LONGEST) > 0 ? LONGEST : limit;
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("invalid_timeout", "timeout: " + e.getMessage());
        }
    }

    private static Response later(int status, String code, String message, int seconds) {
        return ApiError.of(code, message)
                .response(status)
                .header(ApiError.RETRY_AFTER, seconds)
                .build();
    }
}
