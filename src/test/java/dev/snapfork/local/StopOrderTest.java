package dev.snapfork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopOrderTest {
    private final List<String> stopped = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final StopOrder order = new StopOrder(notices::add);

    @Test
    void whatStartedLastStopsFirst() throws Exception {
        order.start(() -> stopping("stack"));
        order.start(() -> stopping("service"));

        order.stop();

        assertThat(stopped).containsExactly("service", "stack");
    }

    @Test
    void whatDoesNotStopKeepsNothingElseRunning() throws Exception {
        order.start(() -> stopping("stack"));
        order.start(() -> () -> {
            throw new IOException("stuck");
        });

        order.stop();

        assertThat(stopped).containsExactly("stack");
        assertThat(notices).containsExactly("Not stopped in order: stuck");
    }

    @Test
    void nothingStartsOnceStoppingHasBegun() {
        order.stop();

        assertThatThrownBy(() -> order.start(() -> stopping("service"))).isInstanceOf(LaunchException.class);
        assertThat(stopped).isEmpty();
    }

    private AutoCloseable stopping(String name) {
        return () -> stopped.add(name);
    }
}
