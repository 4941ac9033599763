package dev.snapfork.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.snapfork.hypervisor.MachineSpec.Disk;
import dev.snapfork.instance.Hypervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineJsonTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static MachineProfile profile(@Nullable String mac) {
        return new MachineProfile(
                Hypervisor.QEMU_MICROVM,
                "7.2.22",
                "microvm",
                "tcg",
                "x86_64",
                2,
                256L << 20,
                List.of(
                        new Disk("rootfs.raw", Disk.Format.RAW, false),
                        new Disk("overlay.qcow2", Disk.Format.QCOW2, true)),
                mac);
    }

    private static RunningMachine machine(@Nullable String mac) {
        return new RunningMachine(
                4711,
                99,
                "boot",
                true,
                profile(mac),
                new MachineHome(Path.of("/data/guests/i"), Path.of("/run/i"), "mark/i/o"));
    }

    @Test
    void whatIsWrittenIsReadBack(@TempDir Path directory) throws IOException {
        for (var mac : new String[] {"02:00:00:00:00:01", null}) {
            MachineJson.write(profile(mac), directory);

            assertThat(MachineJson.profile(directory)).isEqualTo(profile(mac));
            assertThat(MachineJson.read(
                            MAPPER.readTree(MachineJson.write(machine(mac)).toString())))
                    .isEqualTo(machine(mac));
        }
    }

    @Test
    void theFormIsFrozen() {
        assertThat(MachineJson.write(machine(null))).hasToString("""
                {"pid":4711,"start_ticks":99,"boot":"boot","own_memory":true,"profile":{"hypervisor":"qemu-microvm",\
                "version":"7.2.22","machine_type":"microvm","accelerator":"tcg","architecture":"x86_64","vcpus":2,\
                "memory_bytes":268435456,"disks":[{"file":"rootfs.raw","format":"RAW","readonly":false},\
                {"file":"overlay.qcow2","format":"QCOW2","readonly":true}],"mac":null},"directory":"/data/guests/i",\
                "runtime":"/run/i","label":"mark/i/o"}""");
    }

    @Test
    void aProfileThatIsNotThereIsNone(@TempDir Path directory) throws IOException {
        assertThat(MachineJson.profile(directory)).isNull();
    }

    @Test
    void whatALaterVersionAddsIsPassedOver() throws IOException {
        var json = MachineJson.write(machine(null)).put("later", 1);
        ((com.fasterxml.jackson.databind.node.ObjectNode) json.get("profile")).put("later", 1);

        assertThat(MachineJson.read(json)).isEqualTo(machine(null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "1",
                "{",
                "{}",
                "{\"hypervisor\":\"qemu\"}",
                "not JSON",
                "\u0000\u0001",
            })
    void aProfileOfGarbageIsAnError(String garbage, @TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("machine.json"), garbage);

        assertThatThrownBy(() -> MachineJson.profile(directory)).isInstanceOf(IOException.class);
    }

    @Test
    void aProfileThatIsFarTooLargeIsNotRead(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("machine.json"), " ".repeat(1 << 17));

        assertThatThrownBy(() -> MachineJson.profile(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too large");
    }

    /** Each field missing, null or of another kind: every one that may not be so is an error, and never another one. */
    @Test
    void aMachineWithAFieldThatIsWrongIsAnError() throws IOException {
        for (var wrong : new String[] {"-", "null", "{}", "\"\\u0000\"", "[1]"}) {
            for (var pointer : new String[] {"", "profile"}) {
                var whole = MachineJson.write(machine("02:00:00:00:00:01"));
                for (var field : fields(pointer.isEmpty() ? whole : whole.get(pointer))) {
                    var json = whole.deepCopy();
                    var object = (com.fasterxml.jackson.databind.node.ObjectNode)
                            (pointer.isEmpty() ? json : json.get(pointer));
                    if (wrong.equals("-")) {
                        object.remove(field);
                    } else {
                        object.set(field, MAPPER.readTree(wrong));
                    }
                    if (isFine(field, wrong)) {
                        assertThat(MachineJson.read(json)).isNotNull();
                    } else {
                        assertThatThrownBy(() -> MachineJson.read(json))
                                .as("%s of %s: %s", field, pointer, wrong)
                                .isInstanceOf(IOException.class);
                    }
                }
            }
        }
    }

    private static List<String> fields(com.fasterxml.jackson.databind.JsonNode object) {
        return object.properties().stream().map(java.util.Map.Entry::getKey).toList();
    }

    /** Texts that stand for nothing but themselves may be any text. */
    private static boolean isFine(String field, String wrong) {
        return wrong.equals("null")
                ? field.equals("mac")
                : wrong.contains("u0000")
                        && List.of("boot", "label", "version", "machine_type", "accelerator", "architecture", "mac")
                                .contains(field);
    }
}
