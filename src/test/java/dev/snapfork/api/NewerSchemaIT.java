package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.local.FragileStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is started again in the middle of an update, or to go back, finds tables that a newer version has migrated. */
@Timeout(180)
class NewerSchemaIT {
    private static final String MIGRATED_BY_A_NEWER_VERSION = """
            insert into flyway_schema_history
            (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
            values (1000, '999', 'newer', 'SQL', 'V999__newer.sql', 7, 'newer', 1, true)""";

    @Test
    void aProcessStartsOnTablesThatANewerVersionHasMigrated(@TempDir Path home) throws Exception {
        var binaries = Path.of("target", "postgresql").toAbsolutePath();
        var data = Files.createDirectories(home.resolve("data"));
        try (var stack = new FragileStack(home.resolve("stack"), binaries)) {
            stack.startPostgres();
            stack.startBroker();
            var environment = SharedEnvironment.at(stack.addresses());
            try (var first = ServiceProcess.start("api", data, Map.of(), environment)) {
                var unused = first.awaitReady();
            }
            var written = environment.probe().sql(MIGRATED_BY_A_NEWER_VERSION);

            try (var again = ServiceProcess.start("api,worker,projection", data, Map.of(), environment)) {
                var api = ApiClient.at(again.awaitReady());
                assertThat(api.get("/snapshots").expect(200).body()).isEqualTo("[]");
                new Guests(data, api).newStopped();
            }
            assertThat(written).isEmpty();
        }
    }
}
