package dev.snapfork.view;

import dev.snapfork.log.WireJson;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Writes the read model, for the projection alone. A batch is one transaction with the checkpoint of the records that it came
 * from. Rows only ever move to a newer version, so records of any age, twice or out of order change nothing.
 */
@ApplicationScoped
public class ReadModelWriter {
    private static final String SNAPSHOTS = """
            insert into snapshot_view (id, version, name, kind, source_instance_id, created_at, tags, body, deleted_at)
            select r.body ->> 'id', cast(r.body ->> 'version' as bigint), r.body ->> 'name', r.body ->> 'kind',
                   r.body ->> 'source_instance_id', cast(r.body ->> 'created_at' as timestamptz),
                   coalesce(r.body -> 'tags', cast('{}' as jsonb)), r.body, r.deleted_at
            from jsonb_to_recordset(cast(cast(:batch as text) as jsonb)) as r (body jsonb, deleted_at timestamptz)
            on conflict (id) do update set
                version = excluded.version, name = excluded.name, tags = excluded.tags, body = excluded.body,
                deleted_at = excluded.deleted_at
            where excluded.version > snapshot_view.version
            """;
    private static final String INSTANCES = """
            insert into instance_view (id, version, name, state, created_at, tags, body, deleted_at)
            select r.body ->> 'id', cast(r.body ->> 'version' as bigint), r.body ->> 'name', r.body ->> 'state',
                   cast(r.body ->> 'created_at' as timestamptz), coalesce(r.body -> 'tags', cast('{}' as jsonb)),
                   r.body, r.deleted_at
            from jsonb_to_recordset(cast(cast(:batch as text) as jsonb)) as r (body jsonb, deleted_at timestamptz)
            on conflict (id) do update set
                version = excluded.version, name = excluded.name, state = excluded.state,
                created_at = excluded.created_at, tags = excluded.tags, body = excluded.body,
                deleted_at = excluded.deleted_at
            where excluded.version > instance_view.version
            """;
    private static final String OPERATIONS = """
            insert into operation_view (id, kind, status, snapshot_id, instance_id, created_at, body, snapshot, instance)
            select r.body ->> 'id', r.body ->> 'kind', r.body ->> 'status', r.body ->> 'snapshot_id',
                   r.body ->> 'instance_id', cast(r.body ->> 'created_at' as timestamptz), r.body, r.snapshot, r.instance
            from jsonb_to_recordset(cast(cast(:batch as text) as jsonb)) as r (body jsonb, snapshot jsonb, instance jsonb)
            on conflict (id) do update set
                status = excluded.status, body = excluded.body,
                snapshot = excluded.snapshot, instance = excluded.instance
            where operation_view.status in ('accepted', 'running') and excluded.status <> 'accepted'
            """;
    private static final String CHECKPOINTS = """
            insert into projection_checkpoint (topic, partition, next_offset)
            select r.topic, r.partition, r.next_offset
            from jsonb_to_recordset(cast(cast(:batch as text) as jsonb)) as r (topic text, partition integer, next_offset bigint)
            on conflict (topic, partition) do update set next_offset = excluded.next_offset
            """;

    private final Mutiny.SessionFactory sessions;
    private final SafeContext context;

    ReadModelWriter(Mutiny.SessionFactory sessions, SafeContext context) {
        this.sessions = sessions;
        this.context = context;
    }

    /**
     * Applies the batch, all or nothing, and tells those who wait.
     *
     * @return fails when PostgreSQL does not answer, and the same batch may be applied again; or with {@link
     *     RefusedRowsException}, and that would be of no use
     */
    public Uni<Void> apply(ReadModelBatch batch) {
        // The checkpoint is in the same transaction: what a crash of PostgreSQL takes back is read from the log again.
        return context.run(() -> sessions.withTransaction(
                        session -> execute(session, "set local synchronous_commit = off", Map.of())
                                .chain(() -> upsert(session, SNAPSHOTS, batch.snapshots()))
                                .chain(() -> upsert(session, INSTANCES, batch.instances()))
                                .chain(() -> upsert(session, OPERATIONS, batch.operations()))
                                .chain(() -> upsert(session, CHECKPOINTS, batch.checkpoints()))
                                .chain(() -> tell(session, Notice.Kind.ACCEPTED, batch.accepted()))
                                .chain(() -> tell(session, Notice.Kind.SETTLED, batch.settled()))))
                .onFailure(RefusedRowsException::isBehind)
                .transform(RefusedRowsException::new);
    }

    private static Uni<Void> upsert(Mutiny.Session session, String sql, Collection<?> rows) {
        return rows.isEmpty()
                ? Uni.createFrom().voidItem()
                : execute(session, sql, Map.of("batch", WireJson.text(rows)));
    }

    private static Uni<Void> tell(Mutiny.Session session, Notice.Kind kind, List<String> operations) {
        var told = Uni.createFrom().voidItem();
        var notices = operations.stream()
                .gather(Gatherers.windowFixed(Notice.MAX_IDS))
                .map(ids -> new Notice(kind, ids))
                .toList();
        for (var notice : notices) {
            told = told.chain(
                    () -> session.createNativeQuery("select 1 from pg_notify(:channel, :notice)", Integer.class)
                            .setParameter("channel", Notice.CHANNEL)
                            .setParameter("notice", notice.toString())
                            .getResultList()
                            .replaceWithVoid());
        }
        return told;
    }

    private static Uni<Void> execute(Mutiny.Session session, String sql, Map<String, String> parameters) {
        var query = session.createNativeQuery(sql);
        parameters.forEach(query::setParameter);
        return query.executeUpdate().replaceWithVoid();
    }

    /** Where the projection goes on in each partition of the topic; those not named begin at the start. */
    public Uni<Map<Integer, Long>> checkpoints(String topic) {
        return context.run(() -> sessions.withSession(session -> session.createNativeQuery(
                                "select partition, next_offset from projection_checkpoint where topic = :topic",
                                Object[].class)
                        .setParameter("topic", topic)
                        .getResultList())
                .map(rows -> rows.stream().collect(Collectors.toMap(row -> (Integer) row[0], row -> (Long) row[1]))));
    }

    /** Counts up whenever a rebuild is asked for. */
    public Uni<Long> epoch() {
        return context.run(() -> sessions.withSession(
                session -> session.createNativeQuery("select epoch from projection_epoch", Long.class)
                        .getSingleResult()));
    }

    /**
     * Asks every projection to read the logs from their beginning. Rows stay and answers go on meanwhile; what is missing comes
     * back, as everything in the logs is applied again.
     */
    public Uni<Long> askForRebuild() {
        return context.run(() -> sessions.withTransaction(session -> execute(
                                session, "delete from projection_checkpoint", Map.of())
                        .chain(() -> execute(session, "update projection_epoch set epoch = epoch + 1", Map.of()))))
                .chain(this::epoch);
    }
}
