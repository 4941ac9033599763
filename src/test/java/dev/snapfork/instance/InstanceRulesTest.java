package dev.snapfork.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.instance.InstanceRules.Verdict;
import dev.snapfork.operation.RefusalCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InstanceRulesTest {
    private static Instance in(InstanceState state) {
        return new Instance(
                new InstanceId("i".repeat(24)),
                "vm",
                "",
                null,
                state,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                Map.of(),
                null,
                List.of(),
                Instant.EPOCH,
                null,
                null,
                null,
                false,
                Hypervisor.QEMU,
                null,
                1);
    }

    private static String told(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Go() -> "go";
            case Verdict.Nothing() -> "nothing";
            case Verdict.No(var refusal) -> {
                assertThat(refusal.code()).isEqualTo(RefusalCode.INVALID_STATE);
                assertThat(refusal.message()).isNotBlank();
                yield "no";
            }
        };
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            STOPPED,      go,      nothing, no,      no,      no,      go, go
            RUNNING,      nothing, go,      go,      go,      nothing, no, go
            STANDBY,      no,      no,      nothing, no,      go,      go, go
            CREATED,      no,      no,      no,      no,      no,      no, no
            INITIALIZING, no,      no,      no,      no,      no,      no, no
            PAUSED,       no,      no,      no,      no,      no,      no, no
            SHUTDOWN,     no,      no,      no,      no,      no,      no, no
            UNKNOWN,      no,      no,      no,      no,      no,      no, no
            """)
    void whatMayBeDoneFollowsFromTheState(
            InstanceState state,
            String start,
            String stop,
            String standby,
            String standbyWithOptions,
            String restore,
            String fork,
            String forkFromRunning) {
        var instance = in(state);

        assertThat(told(InstanceRules.start(instance))).as("start").isEqualTo(start);
        assertThat(told(InstanceRules.stop(instance))).as("stop").isEqualTo(stop);
        assertThat(told(InstanceRules.standby(instance, false))).as("standby").isEqualTo(standby);
        assertThat(told(InstanceRules.standby(instance, true)))
                .as("standby with options")
                .isEqualTo(standbyWithOptions);
        assertThat(told(InstanceRules.restore(instance))).as("restore").isEqualTo(restore);
        assertThat(told(InstanceRules.fork(instance, false))).as("fork").isEqualTo(fork);
        assertThat(told(InstanceRules.fork(instance, true)))
                .as("fork, from running")
                .isEqualTo(forkFromRunning);
    }

    @ParameterizedTest
    @EnumSource(
            value = InstanceState.class,
            names = {"CREATED", "INITIALIZING", "PAUSED", "SHUTDOWN", "UNKNOWN"})
    void aRefusalNamesTheStateThatIsNeededAndTheOneThatIs(InstanceState state) {
        var got = ", got " + state.text();

        assertThat(message(InstanceRules.start(in(state)))).isEqualTo("start requires the instance in Stopped" + got);
        assertThat(message(InstanceRules.stop(in(state)))).isEqualTo("stop requires the instance in Running" + got);
        assertThat(message(InstanceRules.standby(in(state), false)))
                .isEqualTo("standby requires the instance in Running" + got);
        assertThat(message(InstanceRules.restore(in(state))))
                .isEqualTo("restore requires the instance in Standby" + got);
        assertThat(message(InstanceRules.fork(in(state), true)))
                .isEqualTo("fork requires the instance in Stopped, Standby or Running" + got);
    }

    @Test
    void aRefusalSaysWhatToDoInstead() {
        assertThat(message(InstanceRules.start(in(InstanceState.STANDBY)))).contains("restore it");
        assertThat(message(InstanceRules.fork(in(InstanceState.RUNNING), false)))
                .contains("set from_running");
        assertThat(message(InstanceRules.standby(in(InstanceState.STANDBY), true)))
                .contains("leave them out");
    }

    private static String message(Verdict verdict) {
        return ((Verdict.No) verdict).refusal().message();
    }
}
