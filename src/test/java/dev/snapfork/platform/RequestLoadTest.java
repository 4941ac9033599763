package dev.snapfork.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestLoadTest {
    @Test
    void asManyRequestsAreTakenOnAsMayBeAndOneMoreWhenOneHasLeft() {
        var load = new RequestLoad(2, 100);

        assertThat(load.enter(0)).isTrue();
        assertThat(load.enter(0)).isTrue();
        assertThat(load.enter(0)).isFalse();
        load.leave(0);
        assertThat(load.enter(0)).isTrue();
    }

    @Test
    void bodiesTakeNoMoreMemoryThanTheyMay() {
        var load = new RequestLoad(10, 100);

        assertThat(load.enter(60)).isTrue();
        assertThat(load.enter(41)).isFalse();
        assertThat(load.enter(40)).isTrue();
        assertThat(load.enter(1)).isFalse();
        load.leave(60);
        assertThat(load.enter(60)).isTrue();
    }

    @Test
    void requestsWithoutABodyAreNotHeldUpByThoseThatHaveOne() {
        var load = new RequestLoad(10, 100);
        load.enter(100);

        assertThat(load.enter(0)).isTrue();
    }

    @Test
    void aBodyThatIsLargerThanAllMayBeIsTakenAlone() {
        var load = new RequestLoad(10, 100);

        assertThat(load.enter(200)).isTrue();
        assertThat(load.enter(1)).isFalse();
        load.leave(200);
        assertThat(load.enter(1)).isTrue();
    }

    @Test
    void whatWasRefusedCountsForNothing() {
        var load = new RequestLoad(1, 100);
        load.enter(50);
        load.enter(50);

        load.leave(50);

        assertThat(load.enter(100)).isTrue();
    }
}
