package dev.snapfork.view;

import dev.snapfork.log.WireJson;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/**
 * Writes the read model: for the projection, and for who accepted a command that no projection shows in time. A batch is one
 * transaction with the checkpoint of the records that it came from. Rows only ever move to a newer version, so records of any
 * age, twice or out of order change nothing; that one came late is noted for the workers.
 */
@ApplicationScoped
public class ReadModelWriter {
    private static final String SNAPSHOTS = """
            snapshots as (
            insert into snapshot_state (id, version, name, kind, source_instance_id, created_at, tags, body, deleted_at)
            select body ->> 'id', (body ->> 'version')::bigint, body ->> 'name', body ->> 'kind',
            body ->> 'source_instance_id', (body ->> 'created_at')::timestamptz, coalesce(body -> 'tags', '{}'),
            body, deleted_at
            from jsonb_to_recordset($%d::text::jsonb) as r (body jsonb, deleted_at timestamptz)
            on conflict (id) do update set
            version = excluded.version, name = excluded.name, tags = excluded.tags, body = excluded.body,
            deleted_at = excluded.deleted_at
            where excluded.version > snapshot_state.version)""";
    private static final String INSTANCES = """
            instances as (
            insert into instance_state (id, version, name, state, created_at, tags, body, deleted_at)
            select body ->> 'id', (body ->> 'version')::bigint, body ->> 'name', body ->> 'state',
            (body ->> 'created_at')::timestamptz, coalesce(body -> 'tags', '{}'), body, deleted_at
            from jsonb_to_recordset($%d::text::jsonb) as r (body jsonb, deleted_at timestamptz)
            on conflict (id) do update set
            version = excluded.version, name = excluded.name, state = excluded.state,
            created_at = excluded.created_at, tags = excluded.tags, body = excluded.body,
            deleted_at = excluded.deleted_at
            where excluded.version > instance_state.version)""";
    private static final String SCHEDULES = """
            schedules as (
            insert into schedule_view (id, version, instance_id, next_run_at, plausible_from, body, deleted_at)
            select body ->> 'id', (body ->> 'version')::bigint, body ->> 'instance_id',
            (body ->> 'next_run_at')::timestamptz, plausible_from, body, deleted_at
            from jsonb_to_recordset($%d::text::jsonb)
            as r (body jsonb, plausible_from timestamptz, deleted_at timestamptz)
            on conflict (id) do update set
            version = excluded.version, next_run_at = excluded.next_run_at, plausible_from = excluded.plausible_from,
            body = excluded.body, deleted_at = excluded.deleted_at
            where excluded.version > schedule_view.version)""";
    /** An end of unknown kind is told by one who could not read the command: it adds to what others know of the operation. */
    private static final String OPERATIONS = """
            operations as (
            insert into operation_view
            (id, kind, status, snapshot_id, instance_id, created_at, body, snapshot, instance, schedule)
            select body ->> 'id', body ->> 'kind', body ->> 'status', body ->> 'snapshot_id', body ->> 'instance_id',
            (body ->> 'created_at')::timestamptz, body, snapshot, instance, schedule
            from jsonb_to_recordset($%d::text::jsonb)
            as r (body jsonb, snapshot jsonb, instance jsonb, schedule jsonb)
            on conflict (id) do update set
            kind = case when excluded.kind = 'unknown' then operation_view.kind else excluded.kind end,
            snapshot_id = coalesce(excluded.snapshot_id, operation_view.snapshot_id),
            instance_id = coalesce(excluded.instance_id, operation_view.instance_id),
            status = case when operation_view.kind = 'unknown' then operation_view.status else excluded.status end,
            created_at = case when excluded.kind = 'unknown'
            then operation_view.created_at else excluded.created_at end,
            body = case when excluded.kind = 'unknown'
            then operation_view.body || (excluded.body - '{kind,created_at}'::text[])
            when operation_view.kind = 'unknown'
            then excluded.body || (operation_view.body - '{kind,created_at}'::text[])
            else excluded.body end,
            snapshot = excluded.snapshot, instance = excluded.instance, schedule = excluded.schedule
            where operation_view.status in ('accepted', 'running') and excluded.status <> 'accepted'
            or operation_view.kind = 'unknown' and excluded.kind <> 'unknown')""";

    private static final String FINDINGS = """
            findings as (
            insert into health_finding (id, version, state, checked_at, error)
            select id, version, state, checked_at, error
            from jsonb_to_recordset($%d::text::jsonb)
            as r (id text, version bigint, state text, checked_at timestamptz, error text)
            on conflict (id) do update set
            version = excluded.version, state = excluded.state, checked_at = excluded.checked_at, error = excluded.error
            where excluded.version > health_finding.version)""";
    private static final String LETTERS = """
            letters as (
            insert into dead_letter
            (id, topic, operation, died_at, envelope, content, retries, retried_at, retry_operation, discarded_at)
            select id, topic, operation, died_at, envelope, content, retries, retried_at, retry_operation, discarded_at
            from jsonb_to_recordset($%d::text::jsonb)
            as r (id text, topic text, operation text, died_at timestamptz, envelope jsonb, content jsonb, retries integer,
            retried_at timestamptz, retry_operation text, discarded_at timestamptz)
            on conflict (id) do update set
            topic = coalesce(dead_letter.topic, excluded.topic),
            operation = coalesce(dead_letter.operation, excluded.operation),
            died_at = coalesce(dead_letter.died_at, excluded.died_at),
            envelope = coalesce(dead_letter.envelope, excluded.envelope),
            content = coalesce(dead_letter.content, excluded.content),
            retries = greatest(dead_letter.retries, excluded.retries),
            retried_at = case when excluded.retries > dead_letter.retries
            then excluded.retried_at else dead_letter.retried_at end,
            retry_operation = case when excluded.retries > dead_letter.retries
            then excluded.retry_operation else dead_letter.retry_operation end,
            discarded_at = coalesce(dead_letter.discarded_at, excluded.discarded_at))""";
    private static final String CHECKPOINTS = """
            checkpoints as (
            insert into projection_checkpoint as c (topic, partition, next_offset, reached)
            select topic, partition, next_offset, next_offset
            from jsonb_to_recordset($%d::text::jsonb) as r (topic text, partition integer, next_offset bigint)
            order by topic, partition
            on conflict (topic, partition) do update set
            next_offset = excluded.next_offset, reached = greatest(c.reached, excluded.next_offset))""";
    /** Rows and checkpoints are seen here as they were before the batch. */
    private static final String OVERTAKEN = """
            overtaken as (
            insert into overtaken_aggregate (id, at)
            select id, at from jsonb_to_recordset($%d::text::jsonb)
            as r (id text, version bigint, newest bigint, topic text, partition integer, at bigint)
            where version < greatest(newest,
            (select v.version from snapshot_state as v where v.id = r.id),
            (select v.version from instance_state as v where v.id = r.id),
            (select v.version from schedule_view as v where v.id = r.id),
            (select v.version from health_finding as v where v.id = split_part(r.id, '/', 1) and r.id <> v.id))
            and at >= coalesce((select reached from projection_checkpoint as c
            where c.topic = r.topic and c.partition = r.partition), 0)
            on conflict (id) do update set at = excluded.at)""";
    /** An event that is told again is the same. */
    private static final String HISTORY = """
            history as (
            insert into snapshot_event (id, snapshot_id, time, event)
            select id, snapshot_id, time, event
            from jsonb_to_recordset($%d::text::jsonb)
            as r (id text, snapshot_id text, time timestamptz, event jsonb)
            on conflict (id) do nothing)""";
    /** Committed for good, as the records before a checkpoint are not read again by whoever has applied them. */
    private static final String NOTICES = """
            select count(pg_notify($1, notice)) from unnest($2::text[]) as n (notice)""";

    private static final String NEXT_OFFSETS =
            "select partition, next_offset from projection_checkpoint where topic = $1";
    private static final String EPOCH = "select epoch from projection_epoch";
    private static final String REBUILD = """
            with places as (select topic, partition from projection_checkpoint order by topic, partition for update),
            forgotten as (
            update projection_checkpoint as c set next_offset = 0
            from places where c.topic = places.topic and c.partition = places.partition)
            update projection_epoch set epoch = epoch + 1 returning epoch
            """;

    private final Pool pool;

    public ReadModelWriter(Pool pool) {
        this.pool = pool;
    }

    private record Part(String sql, Collection<?> rows) {}

    /**
     * Applies the batch, all or nothing, and tells those who wait.
     *
     * @return fails when PostgreSQL does not answer, and the same batch may be applied again; or with {@link
     *     RefusedRowsException}, and that would be of no use
     */
    public Uni<Void> apply(ReadModelBatch batch) {
        // One statement is one transaction in one round trip. Tables that nothing is written to are left out: most
        // batches are short, and so is a statement that the client keeps prepared.
        var parts = Stream.of(
                        new Part(SNAPSHOTS, batch.snapshots()),
                        new Part(INSTANCES, batch.instances()),
                        new Part(SCHEDULES, batch.schedules()),
                        new Part(OPERATIONS, batch.operations()),
                        new Part(FINDINGS, batch.findings()),
                        new Part(LETTERS, batch.letters()),
                        new Part(HISTORY, batch.history()),
                        new Part(OVERTAKEN, batch.told()),
                        new Part(CHECKPOINTS, batch.checkpoints()))
                .filter(part -> !part.rows().isEmpty())
                .toList();
        var parameters = Tuple.of(Notice.CHANNEL, notices(batch));
        var changes = new ArrayList<String>();
        for (var part : parts) {
            parameters.addString(WireJson.text(part.rows()));
            changes.add(part.sql().formatted(parameters.size()));
        }
        var sql = changes.isEmpty() ? NOTICES : "with " + String.join(",\n", changes) + "\n" + NOTICES;
        return execute(sql, parameters)
                .onFailure(RefusedRowsException::isBehind)
                .transform(RefusedRowsException::new)
                .replaceWithVoid();
    }

    private static String[] notices(ReadModelBatch batch) {
        return Stream.concat(
                        notices(Notice.Kind.ACCEPTED, batch.accepted()), notices(Notice.Kind.SETTLED, batch.settled()))
                .toArray(String[]::new);
    }

    private static Stream<String> notices(Notice.Kind kind, List<String> operations) {
        return operations.stream().gather(Gatherers.windowFixed(Notice.MAX_IDS)).map(ids -> new Notice(kind, ids)
                .toString());
    }

    /** Where the projection goes on in each partition of the topic; those not named begin at the start. */
    public Uni<Map<Integer, Long>> checkpoints(String topic) {
        return execute(NEXT_OFFSETS, Tuple.of(topic)).map(rows -> {
            Map<Integer, Long> offsets = new HashMap<>();
            rows.forEach(row -> offsets.put(row.getInteger(0), row.getLong(1)));
            return offsets;
        });
    }

    /** Counts up whenever a rebuild is asked for. */
    public Uni<Long> epoch() {
        return execute(EPOCH, Tuple.tuple()).map(ReadModelWriter::number);
    }

    /**
     * Asks every projection to read the logs from their beginning. Rows stay and answers go on meanwhile; what is missing comes
     * back, as everything in the logs is applied again.
     */
    public Uni<Long> askForRebuild() {
        return execute(REBUILD, Tuple.tuple()).map(ReadModelWriter::number);
    }

    private static long number(RowSet<Row> rows) {
        return rows.iterator().next().getLong(0);
    }

    private Uni<RowSet<Row>> execute(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters);
    }
}
