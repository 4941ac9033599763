package dev.snapfork.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.local.LaunchException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class CommandTest {
    @Test
    void whatTheShellSaysIsReadAsWallTimeAndAsCpuTimeOfBothKinds() throws Exception {
        var sample = Command.times("times 1.500 2.250 0.125\n");

        assertThat(sample).isEqualTo(new Sample(1.5, 2.375));
    }

    @Test
    void whatACommandSaysItselfIsNotItsTime() throws Exception {
        var sample = Command.times("times 9.000 9.000 9.000\nwarning: slow\ntimes 0.001 0.000 0.000\n");

        assertThat(sample).isEqualTo(new Sample(0.001, 0));
    }

    @Test
    void aShellThatSaysNothingIsAnError() {
        assertThatThrownBy(() -> Command.times("times 1,5 2,25 0,1\n")).isInstanceOf(IOException.class);
    }

    @Test
    void wordsReachTheProgramAsTheyAre() throws Exception {
        var said = Command.of("printf", "%s|", "it's", "$HOME", "a b").run();

        assertThat(said).isEqualTo("it's|$HOME|a b|");
    }

    @Test
    void aStepThatFailsEndsTheCommandAndIsAnError() {
        var command = Command.of("sh", "-c", "echo broken; exit 3").then(Command.of("echo", "went on"));

        assertThatThrownBy(command::run)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("status 3")
                .hasMessageContaining("broken")
                .hasMessageNotContaining("\nwent on");
    }

    @Test
    void theTimeOfACommandIsThatOfAllItsSteps() throws Exception {
        var command = Command.of("sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done");

        var sample = command.then(command).time();

        assertThat(sample.cpuSeconds()).isPositive();
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> Command.require("sh", "no-such-tool", "nor-this"))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("no-such-tool, nor-this")
                .hasMessageNotContaining("sh,");
    }
}
