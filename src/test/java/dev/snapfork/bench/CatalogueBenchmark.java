package dev.snapfork.bench;

import dev.snapfork.api.ServiceProcess;
import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.local.FragileStack;
import dev.snapfork.local.StackProbe;
import dev.snapfork.view.Page;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How soon the catalogue answers when it is large and many ask: percentiles of 64 clients that ask at a pace of their own, and the
 * plans by which PostgreSQL finds it. For {@code deploy/bench/catalogue}.
 */
final class CatalogueBenchmark {
    private static final String SOURCE = "i" + "%023d".formatted(77);
    private static final int AT_ONCE = 100_000;
    private static final int GET_BAR_MILLIS = 10;
    private static final int LIST_BAR_MILLIS = 25;
    private static final int GETS_A_SECOND = 8;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final int LISTS_A_SECOND = 1;

    private CatalogueBenchmark() {}

    /** A query, and the condition that it comes to. */
    private record Question(String what, String path, String condition) {}

    /** @param args a directory to work in, how many snapshots there are, and for how many seconds each query is asked */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws Exception {
        var home = Path.of(args[0]).toAbsolutePath();
        var snapshots = Integer.parseInt(args[1]);
        var seconds = Duration.ofSeconds(Long.parseLong(args[2]));
        try (var stack = new FragileStack(
                home.resolve("stack"), Path.of("target", "postgresql").toAbsolutePath())) {
            stack.startPostgres();
            stack.startBroker();
            var addresses = stack.addresses();
            var environment = SharedEnvironment.at(addresses);
            var data = Files.createDirectories(home.resolve("data"));
            try (var migrating = ServiceProcess.start("api", data, Map.of(), environment)) {
                var unused = migrating.awaitReady();
            }
            fill(environment.probe(), snapshots);
            // what is to be measured is not how the load is written back
            stack.stopPostgres();
            stack.startPostgres();
            try (var service =
                    ServiceProcess.start("api", data, Map.of(), environment, ServiceProcess.AS_IN_THE_IMAGE)) {
                var base = service.awaitReady();
                var sql = environment.probe();
                var questions = questions(snapshots);
                warmUp(base, questions);
                System.out.printf(
                        "%d snapshots; %d clients, each of which asks for a snapshot %d times a second, and then for a list %d time%n%n",
                        snapshots, Crowd.CLIENTS, GETS_A_SECOND, LISTS_A_SECOND);
                System.out.printf("%-34s %8s %8s %8s %8s  %s%n", "ms", "p50", "p95", "p99", "most", "bar of p99");
                for (var question : questions) {
                    ask(base, question, seconds);
                }
                System.out.printf("%nPlans of the lists%n");
                for (var question : questions.subList(1, questions.size())) {
                    plan(sql, question);
                }
            }
        }
    }

    /** A million as a year of service leaves them: most are of one kind, few are damaged, and a tenth as many were deleted. */
    @SuppressWarnings("SystemOut")
    private static void fill(StackProbe sql, int snapshots) throws SQLException {
        for (var from = 0; from < snapshots; from += AT_ONCE) {
            System.err.printf("%d of %d%n", from, snapshots);
            sql.sql("""
                    with numbered as (
                    select n, 's' || lpad(n::text, 23, '0') as id, 'i' || lpad((n %% 10000)::text, 23, '0') as source,
                    'nightly-' || n as name, case when n %% 1000 = 0 then 'Stopped' else 'Standby' end as kind,
                    timestamptz '2026-01-01 00:00:00Z' + n * interval '30 seconds' as at,
                    jsonb_build_object('team', 't' || n %% 50, 'ticket', 'x' || n) as tags
                    from generate_series(%d, %d) as n)
                    insert into snapshot_state (id, version, name, kind, source_instance_id, created_at, tags, body, deleted_at)
                    select id, 3, name, kind, source, at, tags, jsonb_build_object('id', id, 'name', name, 'kind', kind, 'tags', tags,
                    'source_instance_id', source, 'source_instance_name', 'vm', 'source_hypervisor', 'qemu',
                    'created_at', to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'size_bytes', 268435456, 'compression_state', 'compressed',
                    'compressed_size_bytes', 40000000, 'uncompressed_size_bytes', 268435456, 'version', 3),
                    case when n %% 11 = 0 then now() end
                    from numbered""".formatted(from + 1, Math.min(from + AT_ONCE, snapshots)));
        }
        sql.sql("insert into health_finding (id, version, state, checked_at, error)"
                + " select id, 1, case when right(id, 4) = '0001' then 'damaged' else 'healthy' end, now(), null"
                + " from snapshot_state where right(id, 1) in ('0', '1', '2', '3', '4', '5')");
        sql.sql("vacuum analyze");
    }

    /** A service that has been up for a while has compiled what it does most. */
    private static void warmUp(String base, List<Question> questions) throws InterruptedException {
        for (var question : questions) {
            var unused = new Crowd(base, question.path(), LISTS_A_SECOND).ask(WARM_UP);
        }
        var unused = new Crowd(base, questions.getFirst().path(), GETS_A_SECOND).ask(WARM_UP.multipliedBy(4));
    }

    private static List<Question> questions(int snapshots) {
        var middle = "s" + "%023d".formatted(snapshots / 2 / 11 * 11 + 1);
        return List.of(
                new Question("get", "/snapshots/" + middle, ""),
                new Question("list, the newest 100", "/snapshots?limit=100", "true"),
                new Question(
                        "list, a page in the middle",
                        "/snapshots?limit=100&cursor=" + new Page.Cursor(createdAt(snapshots / 2), middle),
                        "(s.created_at, s.id) < ('%s', '%s')".formatted(createdAt(snapshots / 2), middle)),
                new Question(
                        "list of a source",
                        "/snapshots?limit=100&source_instance_id=" + SOURCE,
                        "s.source_instance_id = '" + SOURCE + "'"),
                new Question("list by name", "/snapshots?limit=100&name=nightly-12345", "s.name = 'nightly-12345'"),
                new Question("list of a rare kind", "/snapshots?limit=100&kind=Stopped", "s.kind = 'Stopped'"),
                new Question("list of damaged ones", "/snapshots?limit=100&health=damaged", "h.state = 'damaged'"),
                new Question("list of unknown health", "/snapshots?limit=100&health=unknown", "h.state = 'unknown'"),
                new Question(
                        "list of a source's damaged ones",
                        "/snapshots?limit=100&health=damaged&source_instance_id=" + SOURCE,
                        "h.state = 'damaged' and s.source_instance_id = '" + SOURCE + "'"),
                new Question(
                        "list of a rare kind, checked",
                        "/snapshots?limit=100&health=healthy&kind=Stopped",
                        "h.state = 'healthy' and s.kind = 'Stopped'"),
                new Question(
                        "list by a tag of many",
                        "/snapshots?limit=100&tags%5Bteam%5D=t7",
                        "s.tags @> '{\"team\":\"t7\"}'"),
                new Question(
                        "list by a tag of one",
                        "/snapshots?limit=100&tags%5Bticket%5D=x4711",
                        "s.tags @> '{\"ticket\":\"x4711\"}'"));
    }

    /** As {@link #fill} has it. */
    private static Instant createdAt(int number) {
        return Instant.parse("2026-01-01T00:00:00Z").plusSeconds(30L * number);
    }

    @SuppressWarnings("SystemOut")
    private static void ask(String base, Question question, Duration length) throws InterruptedException {
        var lists = !question.condition().isEmpty();
        var crowd = new Crowd(base, question.path(), lists ? LISTS_A_SECOND : GETS_A_SECOND);
        crowd.ask(Duration.ofSeconds(2));
        var times = crowd.ask(length);
        var bar = lists ? LIST_BAR_MILLIS : GET_BAR_MILLIS;
        var p99 = Crowd.percentile(times, 99);
        System.out.printf(
                "%-34s %8.1f %8.1f %8.1f %8.1f  %d %s%n",
                question.what(),
                Crowd.percentile(times, 50),
                Crowd.percentile(times, 95),
                p99,
                Crowd.percentile(times, 100),
                bar,
                p99 <= bar ? "met" : "MISSED");
    }

    @SuppressWarnings("SystemOut")
    private static void plan(StackProbe sql, Question question) throws SQLException {
        System.out.printf("%s%n", question.what());
        var rows = question.condition().startsWith("h.state") ? """
                select s.id, h.listed_at as created_at, s.body from snapshot_health h join snapshot_state s on s.id = h.id
                where h.listed_at is not null and s.deleted_at is null and %s order by h.listed_at desc, h.id desc limit 101""" : """
                select s.id, s.created_at, s.body from snapshot_state s
                where s.deleted_at is null and %s order by s.created_at desc, s.id desc limit 101""";
        sql.sql(
                        "explain (analyze, costs off, timing off, buffers off) select s.id, s.created_at, s.body::text, f.state from ("
                                + rows.formatted(question.condition())
                                + ") s left join health_finding f on f.id = s.id order by s.created_at desc, s.id desc")
                .forEach(line -> System.out.printf("    %s%n", line));
    }
}
