package dev.snapfork.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.instance.ByteSize;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.RequestedMachine;
import dev.snapfork.instance.SnapshotPolicy;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.platform.BadRequestException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreateInstanceRequestTest {
    private static final RequestBodies BODIES = new RequestBodies();

    /** What the published clients send when everything is said. */
    private static final String EVERYTHING = """
            {"name": "my-workload-1", "image": "docker.io/library/alpine:latest", "platform": "linux/amd64", "size": "2GB",
             "hotplug_size": "2GB", "overlay_size": "20GB", "disk_io_bps": "100MB/s", "vcpus": 2,
             "env": {"PORT": "3000", "EMPTY": ""}, "credentials": {"key": {"inject": [{"as": {"format": "Bearer"}}]}},
             "tags": {"team": "backend"}, "ttl": "24h", "expires_at": "2026-12-01T00:00:00Z",
             "network": {"enabled": false, "bandwidth_download": "1Gbps", "egress": {"enabled": true}},
             "devices": ["l4-gpu"], "gpu": {"profile": "L40S-1Q"},
             "volumes": [{"volume_id": "v", "mount_path": "/mnt", "readonly": true}], "hypervisor": "qemu",
             "snapshot_policy": {"compression": {"enabled": true, "level": 1}, "standby_compression_delay": "2m"},
             "auto_standby": {"enabled": true, "ignore_destination_ports": [22, 9000]},
             "health_check": {"type": "exec", "exec": {"command": ["true"]}, "failure_threshold": 3},
             "restart_policy": {"policy": "on_failure", "max_attempts": 10}, "skip_kernel_headers": true,
             "skip_guest_agent": false, "entrypoint": ["/bin/sh", "-c"], "cmd": ["echo", "hi"], "unheard_of": 1}""";

    private static RequestedMachine machine(String body) {
        var json = BODIES.read(
                "CreateInstanceRequest", body.getBytes(StandardCharsets.UTF_8), "application/json", JsonNode.class);
        return RequestBodies.map(json, CreateInstanceRequest.class).machine(KeptFields.of(json));
    }

    /** @param fields beside name and image, after a comma */
    private static RequestedMachine with(String fields) {
        return machine("{\"name\":\"a\",\"image\":\"example\"" + fields + "}");
    }

    @Test
    void whatHasAMeaningIsReadAndEverythingElseThatIsKnownIsKeptAsItCame() {
        assertThat(machine(EVERYTHING))
                .isEqualTo(new RequestedMachine(
                        Hypervisor.QEMU,
                        "docker.io/library/alpine:latest",
                        2,
                        ByteSize.parse("2GB"),
                        ByteSize.parse("20GB"),
                        false,
                        Map.of("PORT", "3000", "EMPTY", ""),
                        Map.of("team", "backend"),
                        new SnapshotPolicy(new CompressionConfig(true, null, 1), GoDuration.parse("2m")),
                        Map.ofEntries(
                                Map.entry("platform", "linux/amd64"),
                                Map.entry("hotplug_size", "2GB"),
                                Map.entry("disk_io_bps", "100MB/s"),
                                Map.entry(
                                        "credentials",
                                        Map.of(
                                                "key",
                                                Map.of("inject", List.of(Map.of("as", Map.of("format", "Bearer")))))),
                                Map.entry("ttl", "24h"),
                                Map.entry("expires_at", "2026-12-01T00:00:00Z"),
                                Map.entry(
                                        "network",
                                        Map.of("bandwidth_download", "1Gbps", "egress", Map.of("enabled", true))),
                                Map.entry("devices", List.of("l4-gpu")),
                                Map.entry("gpu", Map.of("profile", "L40S-1Q")),
                                Map.entry(
                                        "volumes",
                                        List.of(Map.of("volume_id", "v", "mount_path", "/mnt", "readonly", true))),
                                Map.entry(
                                        "auto_standby",
                                        Map.of("enabled", true, "ignore_destination_ports", List.of(22, 9000))),
                                Map.entry(
                                        "health_check",
                                        Map.of(
                                                "type",
                                                "exec",
                                                "exec",
                                                Map.of("command", List.of("true")),
                                                "failure_threshold",
                                                3)),
                                Map.entry("restart_policy", Map.of("policy", "on_failure", "max_attempts", 10)),
                                Map.entry("skip_kernel_headers", true),
                                Map.entry("skip_guest_agent", false),
                                Map.entry("entrypoint", List.of("/bin/sh", "-c")),
                                Map.entry("cmd", List.of("echo", "hi")))));
    }

    @Test
    void nameAndImageAreEnough() {
        var least = new RequestedMachine(null, "example", null, null, null, true, Map.of(), Map.of(), null, Map.of());

        assertThat(with("")).isEqualTo(least);
        assertThat(with(",\"size\":\"\",\"overlay_size\":\"\",\"network\":{},\"env\":{},\"tags\":{}"))
                .isEqualTo(least);
        assertThat(with("""
                ,"hypervisor":null,"vcpus":null,"size":null,"overlay_size":null,"network":null,"env":null,"tags":null,
                "snapshot_policy":null,"platform":null,"volumes":null,"health_check":null,"skip_guest_agent":null,"cmd":null""")).isEqualTo(least);
        assertThat(with(",\"network\":{\"enabled\":true}")).isEqualTo(least);
        assertThat(with(",\"network\":{\"enabled\":null,\"egress\":null}")).isEqualTo(withKept("network", Map.of()));
    }

    private static RequestedMachine withKept(String name, Object value) {
        return new RequestedMachine(
                null, "example", null, null, null, true, Map.of(), Map.of(), null, Map.of(name, value));
    }

    @Test
    void whatIsKeptHasNoNullsAndNoNumbersThatOthersCannotRead() {
        assertThat(with(",\"credentials\":{\"a\":{\"b\":null,\"c\":[null,1.5,5000000000,7.0]}}")
                        .further())
                .isEqualTo(Map.of("credentials", Map.of("a", Map.of("c", List.of(1.5, 5_000_000_000L, 7)))));
        for (var immense : List.of("1e300", "9223372036854775808", "-9223372036854775809")) {
            assertThatThrownBy(() -> with(",\"credentials\":{\"a\":{\"b\":[" + immense + "]}}"))
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageStartingWith("credentials.a.b[0]: must be a number that fits in 64 bits");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "vcpus":0                    | vcpus must be between 1 and 64, got 0
            "vcpus":-1                   | vcpus must be between 1 and 64, got -1
            "vcpus":65                   | vcpus must be between 1 and 64, got 65
            "vcpus":9223372036854775807  | vcpus must be between 1 and 64, got 9223372036854775807
            "size":"lots"                | size: invalid size "lots": write it like 512MB or 2GB
            "size":"0"                   | size must be a multiple of 2MB up to 16TB, got 0B
            "size":"1MB"                 | size must be a multiple of 2MB up to 16TB, got 1MB
            "size":"257MB"               | size must be a multiple of 2MB up to 16TB, got 257MB
            "size":"17TB"                | size must be a multiple of 2MB up to 16TB, got 17TB
            "size":"9999999999PB"        | size: invalid size "9999999999PB": too large
            "overlay_size":"-1GB"        | overlay_size: invalid size "-1GB": write it like 512MB or 2GB
            "overlay_size":"0"           | overlay_size must be a multiple of 512B up to 16TB, got 0B
            "overlay_size":"1000B"       | overlay_size must be a multiple of 512B up to 16TB, got 1000B
            "env":{"":"a"}               | env: the name of a variable has a character at least, and no =, got ""
            "env":{"A=B":"a"}            | env: the name of a variable has a character at least, and no =, got "A=B"
            """)
    void aMachineThatCannotBeIsRefusedWithTheFieldAndTheRule(String field, String message) {
        var refusal = catchThrowableOfType(RefusedException.class, () -> with("," + field))
                .refusal();

        assertThat(refusal.code().text()).isEqualTo("invalid_request");
        assertThat(refusal.message()).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2MB", "128 mb", "1G", "16TB", "2097152"})
    void sizesAreTakenInTheWaysPeopleWriteThem(String size) {
        assertThat(with(",\"size\":\"" + size + "\"").size()).isEqualTo(ByteSize.parse(size));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"standby_compression_delay":"soon"}               | standby_compression_delay: invalid duration "soon"
            {"standby_compression_delay":"-1s"}                | standby_compression_delay must not be negative, got -1s
            {"standby_compression_delay":"8761h"}              | standby_compression_delay must be at most 8760h0m0s, got 8761h0m0s
            {"compression":{"enabled":true,"level":0}}         | level must be between 1 and 19 for zstd, got 0
            {"compression":{"enabled":false,"algorithm":"lz4","level":10}} | level must be between 0 and 9 for lz4, got 10
            """)
    void aPolicyThatCannotBeMeantIsRefused(String policy, String message) {
        var refusal = catchThrowableOfType(RefusedException.class, () -> with(",\"snapshot_policy\":" + policy))
                .refusal();

        assertThat(refusal.code().text()).isEqualTo("invalid_snapshot_policy");
        assertThat(refusal.message()).startsWith(message);
    }

    @Test
    void durationsOfPoliciesAreCanonical() {
        assertThat(with(",\"snapshot_policy\":{\"standby_compression_delay\":\"90s\",\"compression\":null}")
                        .snapshotPolicy())
                .isEqualTo(new SnapshotPolicy(null, GoDuration.parse("1m30s")));
        assertThat(with(",\"snapshot_policy\":{\"compression\":{\"enabled\":true,\"algorithm\":\"lz4\",\"level\":9}}")
                        .snapshotPolicy())
                .isEqualTo(new SnapshotPolicy(CompressionConfig.of(CompressionAlgorithm.LZ4, 9), null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"name":"a"}                                                          | image is required
            {"image":"a"}                                                         | name is required
            {"name":"A","image":"a"}                                              | name: must match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$, got "A"
            {"name":"a","image":"a","vcpus":"2"}                                  | vcpus: must be an integer or null, got "2"
            {"name":"a","image":"a","size":1}                                     | size: must be a string or null, got 1
            {"name":"a","image":"a","env":{"A":1}}                                | env.A: must be a string, got 1
            {"name":"a","image":"a","platform":"linux"}                           | platform: must match ^[a-z0-9]+/[a-z0-9]+(/[a-z0-9.]+)?$, got "linux"
            {"name":"a","image":"a","hypervisor":"xen"}                           | hypervisor: must be one of cloud-hypervisor, firecracker, qemu, qemu-microvm, vz, got "xen"
            {"name":"a","image":"a","credentials":{"a":"b"}}                      | credentials.a: must be an object, got "b"
            {"name":"a","image":"a","network":{"enabled":"yes"}}                  | network.enabled: must be a boolean or null, got "yes"
            {"name":"a","image":"a","volumes":[{"volume_id":"v"}]}                | volumes[0].mount_path is required
            {"name":"a","image":"a","health_check":{"http":{"port":0}}}           | health_check.http.port: must be at least 1, got 0
            {"name":"a","image":"a","health_check":{"exec":{"command":[]}}}       | health_check.exec.command: must have at least 1 entry, got 0
            {"name":"a","image":"a","auto_standby":{"ignore_destination_ports":[65536]}} | auto_standby.ignore_destination_ports[0]: must be at most 65535, got 65536
            {"name":"a","image":"a","restart_policy":{"policy":"sometimes"}}      | restart_policy.policy: must be one of never, always, on_failure, got "sometimes"
            {"name":"a","image":"a","cmd":"ls"}                                   | cmd: must be an array or null, got "ls"
            """)
    void whatTheSchemaRefusesIsABadRequest(String body, String message) {
        assertThatThrownBy(() -> machine(body))
                .isInstanceOf(BadRequestException.class)
                .hasMessage(message);
    }
}
