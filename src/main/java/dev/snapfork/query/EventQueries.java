package dev.snapfork.query;

import dev.snapfork.event.EventFeed;
import dev.snapfork.event.EventFeeds;
import dev.snapfork.event.EventFeeds.CrowdedException;
import dev.snapfork.event.EventFilter;
import dev.snapfork.event.LogPosition;
import dev.snapfork.platform.ApiError;
import dev.snapfork.platform.BadRequestException;
import dev.snapfork.platform.Leave;
import dev.snapfork.platform.Scope;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The event log as server-sent events. */
@Path("/events")
class EventQueries {
    private static final String BEGINNING = "beginning";

    private final EventFeeds feeds;
    private final EventStreams streams;

    EventQueries(EventFeeds feeds, EventStreams streams) {
        this.feeds = feeds;
        this.streams = streams;
    }

    /** Waits for Kafka until the log is open, and so may block. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Blocking
    @Scope(Scope.ASKED_LATER)
    public Multi<OutboundSseEvent> follow(
            @Context UriInfo uri,
            @Context SecurityContext caller,
            @Context Sse sse,
            @Context RoutingContext request,
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId) {
        var query = uri.getQueryParameters();
        var filter = new EventFilter(
                WantedEvents.of(Parameters.single(query, "types"), caller::isUserInRole),
                Parameters.single(query, "subject"));
        var start =
                start(lastEventId == null || lastEventId.isBlank() ? Parameters.single(query, "after") : lastEventId);
        var ends = !follows(query);
        if (streams.stopping()) {
            throw refused(503, "unavailable", "this process stops: ask another one", 2);
        }
        if (!streams.enter()) {
            throw refused(
                    429,
                    ApiError.TOO_MANY_REQUESTS,
                    "more than " + streams.most() + " clients follow the events here: ask again later",
                    5);
        }
        return streams.stream(open(start, filter, ends), sse, Leave.of(caller).until(), request);
    }

    private EventFeed open(EventFeeds.Start start, EventFilter filter, boolean ends) {
        var opened = false;
        try {
            var feed = feeds.open(start, filter, ends);
            opened = true;
            return feed;
        } catch (TimeoutException e) {
            throw refused(503, "unavailable", "the event log cannot be read: " + e.getMessage(), 2);
        } catch (CrowdedException e) {
            throw refused(429, ApiError.TOO_MANY_REQUESTS, e.getMessage() + ": ask again later", 5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused(503, "unavailable", "this process stops: ask another one", 2);
        } finally {
            if (!opened) {
                streams.leave();
            }
        }
    }

    private static EventFeeds.Start start(@Nullable String after) {
        if (after == null || after.isBlank()) {
            return new EventFeeds.Start.Now();
        }
        if (after.equals(BEGINNING)) {
            return new EventFeeds.Start.At(LogPosition.beginning());
        }
        try {
            return after.indexOf(':') >= 0
                    ? new EventFeeds.Start.Since(Instant.parse(after))
                    : new EventFeeds.Start.At(LogPosition.parse(after));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new BadRequestException(
                    "after, or Last-Event-ID, is neither an id that this stream gave, nor an RFC 3339 time in UTC, nor "
                            + BEGINNING);
        }
    }

    private static boolean follows(MultivaluedMap<String, String> query) {
        var follow = Parameters.single(query, "follow");
        return switch (follow == null ? "true" : follow) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadRequestException("follow must be true or false");
        };
    }

    private static WebApplicationException refused(int status, String code, String message, int seconds) {
        return new WebApplicationException(ApiError.of(code, message)
                .response(status)
                .header(ApiError.RETRY_AFTER, seconds)
                .build());
    }
}
