package dev.snapfork.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Migrations run while processes of the version before go on: these must not notice. */
class MigrationsTest {
    private static final Path MIGRATIONS = Path.of("src", "main", "resources", "db", "migration");
    /** What the first release begins with: nothing ran before it. */
    private static final Set<String> BASELINE = Set.of(
            "V1__read_model.sql",
            "V2__worker_claims.sql",
            "V3__idempotency_keys.sql",
            "V3.1__command_turns.sql",
            "V3.2__answers_without_commands.sql",
            "V4__dead_letters.sql",
            "V4.1__health.sql",
            "V5__command_attempts.sql",
            "V5.1__overtaken_aggregates.sql",
            "V6__snapshot_schedules.sql",
            "V7__event_log_rebuild.sql",
            "V8__snapshot_events.sql",
            "V9__snapshots_by_kind.sql");

    @Test
    void noMigrationAfterTheBaselineBreaksTheVersionBeforeIt() throws IOException {
        try (var files = Files.list(MIGRATIONS)) {
            for (var file : files.sorted().toList()) {
                if (!BASELINE.contains(file.getFileName().toString())) {
                    assertThat(MigrationRules.problems(Files.readString(file)))
                            .as(file.getFileName().toString())
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void theBaselineIsThere() {
        assertThat(BASELINE)
                .allSatisfy(name -> assertThat(MIGRATIONS.resolve(name)).exists());
    }

    @Test
    void renamesOfTheBaselineWouldBeRefusedLater() throws IOException {
        assertThat(MigrationRules.problems(Files.readString(MIGRATIONS.resolve("V4.1__health.sql"))))
                .hasSize(2)
                .allMatch(problem -> problem.contains("rename"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            alter table a rename to b                            | renames
            alter table a rename column b to c                   | renames
            drop table a                                         | drops
            drop view a                                          | drops
            alter table a drop column b                          | drops
            ALTER TABLE a\tDROP CONSTRAINT a_pkey                | drops
            alter table a alter column b drop default            | drops
            alter table a add column b text not null             | does not fill
            alter table a add b text primary key                 | does not fill
            alter table a add column b text, add c int not null  | does not fill
            alter table a add column b text unique               | does not fill
            alter table a alter column b set not null            | null there
            alter table a alter column b type bigint             | the type
            alter table a add constraint b check (c > 0)         | new constraint
            alter table a add primary key (b)                    | new constraint
            create unique index a on b (c)                       | new constraint
            create trigger a before insert on b execute function c() | changes what
            create constraint trigger a after insert on b execute function c() | changes what
            truncate a                                           | removes
            revoke insert on a from b                            | takes a right
            select 1; drop table a                               | drops
            """)
    void theVersionBeforeWouldNotice(String sql, String reason) {
        assertThat(MigrationRules.problems(sql)).singleElement().asString().contains(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table a (b text primary key, c int not null unique); create unique index d on a (b)",
                "create table a (b text); alter table a add constraint c check (b <> 'drop table')",
                "alter table a add column b text",
                "alter table a add column b bigint not null default 0, add column c numeric(3, 2)",
                "alter table a add column b text not null generated always as ('x') stored",
                "alter table a alter column b drop not null",
                "create index a on b (c)",
                "drop index a",
                "create trigger a after insert on b for each row execute function c()",
                "create view a as select type from b",
                "insert into a values ('rename')",
                "update a set b = 'drop' -- drop table a",
            })
    void theVersionBeforeDoesNotNotice(String sql) {
        assertThat(MigrationRules.problems(sql)).isEmpty();
    }
}
