package dev.snapfork.query;

import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.platform.ApiError;
import dev.snapfork.platform.HostReport;
import dev.snapfork.platform.Scope;
import dev.snapfork.platform.SnapforkConfig;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * What this process can do. Of hypervisors it says what it sees itself, if it is a worker: of workers elsewhere it knows nothing, and
 * says so rather than guess. Wants the scope that reading snapshots wants: versions and limits are none of a stranger's business.
 */
@Path("/capabilities")
class CapabilitiesQuery {
    /** The first look at a monitor may boot a machine, to see whether that really works. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final String UNKNOWN = "unknown";
    private static final String HERE = "this_process";

    private final SnapforkConfig config;
    private final HostReport report;
    private final String version;

    CapabilitiesQuery(
            SnapforkConfig config,
            HostReport report,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = UNKNOWN) String version) {
        this.config = config;
        this.report = report;
        this.version = version;
    }

    record Capabilities(
            String version,
            List<String> roles,
            String workers,
            List<Codec> codecs,
            Limits limits,
            HostReport.@Nullable Host host) {}

    record Codec(CompressionAlgorithm algorithm, int minLevel, int maxLevel, int defaultLevel) {
        static Codec of(CompressionAlgorithm algorithm) {
            return new Codec(algorithm, algorithm.minLevel(), algorithm.maxLevel(), algorithm.defaultLevel());
        }
    }

    /** What the API takes on; 0 operations are no bound. */
    record Limits(
            int maxRequests,
            long maxBodyBytes,
            int maxWaiting,
            int maxOpenOperations,
            long answerWaitSeconds,
            long idempotencyKeepSeconds,
            long scheduleMinIntervalSeconds) {}

    @GET
    @Scope("snapshot:read")
    public Uni<Response> get() {
        if (!config.roles().contains(SnapforkConfig.Role.WORKER)) {
            return Uni.createFrom().item(Paging.json(capabilities(null)));
        }
        return Uni.createFrom()
                .item(Unchecked.supplier(report::look))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .ifNoItem()
                .after(LIMIT)
                .fail()
                .map(host -> Paging.json(capabilities(host)))
                .onFailure(TimeoutException.class)
                .recoverWithItem(CapabilitiesQuery::notYet);
    }

    Capabilities capabilities(HostReport.@Nullable Host host) {
        var api = config.api();
        return new Capabilities(
                version,
                config.roles().stream()
                        .sorted()
                        .map(role -> role.name().toLowerCase(Locale.ROOT))
                        .toList(),
                host == null ? UNKNOWN : HERE,
                Arrays.stream(CompressionAlgorithm.values()).map(Codec::of).toList(),
                new Limits(
                        api.maxRequests(),
                        api.maxBodyBytes().bytes(),
                        api.maxWaiting(),
                        api.maxOpenOperations(),
                        config.answer().waitLimit().toSeconds(),
                        config.idempotency().keep().toSeconds(),
                        config.schedule().minInterval().toSeconds()),
                host);
    }

    private static Response notYet() {
        return ApiError.of("unavailable", "the hypervisors are still being looked at: ask again a little later")
                .response(503)
                .header(ApiError.RETRY_AFTER, 2)
                .build();
    }
}
