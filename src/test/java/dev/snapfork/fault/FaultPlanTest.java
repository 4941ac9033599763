package dev.snapfork.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultPlanTest {
    private final List<String> told = new ArrayList<>();

    private FaultPlan plan(String text) {
        return FaultPlan.parse(text, told::add);
    }

    @Test
    void aStepFailsTheTimeItIsToldToAndNoOther() throws IOException {
        var plan = plan("renamed#2=eio, staged=enospc");

        plan.at(Step.RENAMED);
        assertThatThrownBy(() -> plan.at(Step.RENAMED))
                .isInstanceOf(IOException.class)
                .hasMessage("Input/output error");
        plan.at(Step.RENAMED);
        assertThatThrownBy(() -> plan.at(Step.STAGED)).hasMessage("No space left on device");
        plan.at(Step.STAGED);

        assertThat(told).hasSize(2).first().asString().startsWith("renamed#2");
    }

    @Test
    void aLastingFaultDoesNotPass() throws IOException {
        var plan = plan("disk-write#3=enospc*");

        plan.at(Step.DISK_WRITE);
        plan.at(Step.DISK_WRITE);
        for (var i = 0; i < 5; i++) {
            assertThatThrownBy(() -> plan.at(Step.DISK_WRITE)).isInstanceOf(IOException.class);
        }
        assertThatCode(() -> plan.at(Step.DISK_SYNC)).doesNotThrowAnyException();
    }

    @Test
    void aPauseEndsAndAnInterruptEndsItAtOnce() throws IOException {
        plan("staged=pause:PT0.001S").at(Step.STAGED);
        Thread.currentThread().interrupt();

        plan("staged=pause:PT600S").at(Step.STAGED);

        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void everyStepHasANameThatAPlanCanUse(Step step) {
        assertThat(Step.parse(step.text())).isEqualTo(step);
        assertThatThrownBy(() -> plan(step.text() + "=eio").at(step)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " , "})
    void aPlanMayBeEmpty(String text) {
        assertThatCode(() -> plan(text).at(Step.STAGED)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "staged",
                "staged=",
                "staged=explode",
                "nowhere=eio",
                "staged#=eio",
                "staged=pause:soon",
                "staged=pause:"
            })
    void whatIsNoPlanIsRefusedInWords(String text) {
        assertThatThrownBy(() -> plan(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(" ");
    }
}
