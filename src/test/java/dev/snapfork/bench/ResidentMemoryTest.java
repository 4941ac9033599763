package dev.snapfork.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {
    @Test
    void theKernelsFiguresAreFoundByTheirNames() throws Exception {
        var memory = ResidentMemory.parse(List.of(
                "Name:\tjava", "VmPeak:\t 9999 kB", "VmHWM:\t  350 kB", "VmRSS:\t  300 kB", "RssAnon:\t  200 kB"));

        assertThat(memory).isEqualTo(new ResidentMemory(300, 200, 350));
    }

    @Test
    void aProcessThatHasEndedHasNone() {
        assertThatThrownBy(() -> ResidentMemory.parse(List.of("Name:\tjava", "State:\tZ (zombie)")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has ended");
    }
}
