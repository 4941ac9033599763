package dev.snapfork.contract;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamContractTest {
    @Test
    void whatTheServiceSendsFollowsTheContract() {
        assertThatCode(() -> {
                    UpstreamContract.assertSnapshot(Bodies.FULL_SNAPSHOT);
                    UpstreamContract.assertSnapshot(Bodies.SMALL_SNAPSHOT);
                    UpstreamContract.assertSnapshots("[" + Bodies.FULL_SNAPSHOT + "," + Bodies.SMALL_SNAPSHOT + "]");
                    UpstreamContract.assertSnapshots("[]");
                    UpstreamContract.assertInstance(Bodies.FULL_INSTANCE);
                    UpstreamContract.assertInstances("[" + Bodies.SMALL_INSTANCE + "]");
                    UpstreamContract.assertWaited(Bodies.WAITED);
                    UpstreamContract.assertWaited("{\"state\":\"Running\",\"timed_out\":false}");
                    UpstreamContract.assertError(Bodies.ERROR);
                    UpstreamContract.assertHealth("{\"status\":\"ok\"}");
                })
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "kind":"Standby",              | ``                               | required property 'kind' not found
        "kind":"Standby"               | "kind":"standby"                 | enumeration
        "size_bytes":5                 | "size_bytes":"5"                 | integer expected
        "size_bytes":5                 | "size_bytes":5,"sizeBytes":5     | sizeBytes
        "version":3                    | "version":0                      | minimum
        "algorithm":"zstd"             | "algorithm":null                 | string expected
        "team":"x"                     | "te!m":"x"                       | te!m
        T00:00:00Z                     | ``                               | date-time
        """)
    void aSnapshotThatBreaksTheContractIsNoticed(String right, String wrong, String complaint) {
        var body = Bodies.FULL_SNAPSHOT.replace(right, wrong);

        assertThatThrownBy(() -> UpstreamContract.assertSnapshot(body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(complaint);
        assertThatThrownBy(() -> UpstreamContract.assertSnapshots("[" + body + "]"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(complaint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "expires_at":null,             | ``                               | required property 'expires_at' not found
        "state":"Standby"              | "state":"Asleep"                 | enumeration
        "image":"img"                  | "image":null                     | string expected
        "ip":"10.0.0.2"                | "ip":"10.0.0.2","port":1         | port
        "volume_id":"v"                | "volumeId":"v"                   | volume_id
        """)
    void anInstanceThatBreaksTheContractIsNoticed(String right, String wrong, String complaint) {
        var body = Bodies.FULL_INSTANCE.replace(right, wrong);

        assertThatThrownBy(() -> UpstreamContract.assertInstance(body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(complaint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"state":"Running"}                                  | required property 'timed_out' not found
        {"state":"running","timed_out":false}                | enumeration
        {"state":"Running","timed_out":"no"}                 | boolean expected
        {"state":"Running","timed_out":false,"id":"x"}       | id
        """)
    void aWaitThatBreaksTheContractIsNoticed(String body, String complaint) {
        assertThatThrownBy(() -> UpstreamContract.assertWaited(body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(complaint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"code":"x"}                                 | message
        {"code":1,"message":"m"}                     | string expected
        {"code":"x","message":"m","status":400}      | status
        {"code":"x","message":"m","details":"d"}     | array expected
        {"code":"x","message":"m"                    | no JSON
        """)
    void anErrorThatBreaksTheContractIsNoticed(String body, String complaint) {
        assertThatThrownBy(() -> UpstreamContract.assertError(body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(complaint);
    }
}
