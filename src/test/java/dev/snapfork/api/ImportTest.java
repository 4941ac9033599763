package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class ImportTest {
    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);

    @Test
    void aDirectoryWithoutMemoryBecomesAStoppedInstance() {
        var name = Guests.newName("import");
        var directory = guests.stopped(name);

        var answer = guests.imported(name, "Stopped", ",\"tags\":{\"team\":\"backend\"}")
                .expect(201);

        assertThat(answer.text("name")).isEqualTo(name);
        assertThat(answer.text("state")).isEqualTo("Stopped");
        assertThat(answer.text("tags/team")).isEqualTo("backend");
        assertThat(answer.json().get("has_snapshot").asBoolean()).isFalse();
        assertThat(api.get("/instances/" + answer.id()).expect(200).json()).isEqualTo(answer.json());
        assertThat(directory).doesNotExist();
        assertThat(guests.guest(answer.id()).resolve("overlay.raw")).hasSize(16L << 20);
        assertThat(guests.guest(answer.id()).resolve("rootfs")).isSymbolicLink();
    }

    @Test
    void aDirectoryWithMemoryBecomesAnInstanceInStandbyByRename() throws IOException {
        var name = Guests.newName("import");
        var memory = guests.standby(name).resolve("snapshots/snapshot-latest/memory-ranges");
        var digest = Sha256.of(memory);
        var inode = Files.getAttribute(memory, "unix:ino");

        var answer = guests.imported(name, "Standby", "").expect(201);

        assertThat(answer.text("state")).isEqualTo("Standby");
        assertThat(answer.json().get("has_snapshot").asBoolean()).isTrue();
        assertThat(Sha256.of(guests.memory(answer.id()))).isEqualTo(digest);
        assertThat(Files.getAttribute(guests.memory(answer.id()), "unix:ino")).isEqualTo(inode);
    }

    @Test
    void unknownKeysOfTheMetadataAreKept() throws IOException {
        var name = Guests.newName("import");
        Files.writeString(guests.stopped(name).resolve("metadata.json"), """
                {"Id": "old", "Name": "old", "Image": "docker.io/library/nginx:latest", "Size": 1073741824, "Vcpus": 2,
                 "Env": {"PORT": "80"}, "Tags": {"kept": "yes"}, "FutureKey": {"deep": [1, 2]}}
                """);

        var answer = guests.imported(name, "Stopped", "").expect(201);

        var metadata = new ObjectMapper()
                .readTree(guests.guest(answer.id()).resolve("metadata.json").toFile());
        assertThat(metadata.at("/FutureKey/deep/1").asInt()).isEqualTo(2);
        assertThat(metadata.get("Name").asText()).isEqualTo(name);
        assertThat(answer.text("image")).isEqualTo("docker.io/library/nginx:latest");
        assertThat(answer.text("size")).isEqualTo("1GB");
        assertThat(answer.text("env/PORT")).isEqualTo("80");
        assertThat(answer.text("tags/kept")).isEqualTo("yes");
        assertThat(answer.number("vcpus")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ../outside         | Stopped | below import/
            {}/../../import/{} | Stopped | below import/
            /etc               | Stopped | below import/
            {}/./              | Stopped | below import/
            missing-directory  | Stopped | does not exist
            {}/config.ext4     | Stopped | not a directory
            {}-link            | Stopped | links are not followed
            {}-link/inner      | Stopped | links are not followed
            {}-pipe            | Stopped | named pipe or device: pipe
            {}-standby         | Stopped | import it as Standby
            {}                 | Standby | holds no memory file
            {}-metadata        | Stopped | metadata that cannot be used
            """)
    void aDirectoryThatCannotBecomeTheInstanceIsRefusedAndLeftAsItIs(String directory, String state, String why)
            throws Exception {
        var name = Guests.newName("refused");
        var good = guests.stopped(name);
        Files.createDirectories(good.resolve("inner"));
        Files.createSymbolicLink(guests.importDirectory(name + "-link"), good);
        makePipe(guests.stopped(name + "-pipe").resolve("pipe"));
        guests.standby(name + "-standby");
        Files.writeString(guests.stopped(name + "-metadata").resolve("metadata.json"), "{\"Env\": 3");
        var wanted = directory.replace("{}", name);

        var answer = api.post("/instances/import", """
                {"name":"%s","hypervisor":"qemu","state":"%s","directory":"%s"}
                """.formatted(name, state, wanted));

        answer.refuses(400, "invalid_request", why);
        api.get("/instances/" + name).expect(404);
        for (var suffix : new String[] {"", "-link", "-pipe", "-standby", "-metadata"}) {
            assertThat(Files.exists(guests.importDirectory(name + suffix), LinkOption.NOFOLLOW_LINKS))
                    .as(suffix)
                    .isTrue();
        }
        guests.imported(name, "Stopped", "").expect(201);
    }

    @Test
    void aTakenNameIsAConflictThatNeedsNoRetry() {
        var name = Guests.newName("taken");
        guests.stopped(name);
        guests.imported(name, "Stopped", "").expect(201);
        var second = guests.stopped(name);

        var answer = guests.imported(name, "Stopped", "");

        answer.refuses(409, "conflict", "instance name " + name + " is taken");
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
        assertThat(second.resolve("overlay.raw")).exists();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"compression":{"enabled":true,"algorithm":"lz4","level":10}} | level must be between 0 and 9 for lz4, got 10
            {"compression":{"enabled":false,"level":0}}                   | level must be between 1 and 19 for zstd, got 0
            {"standby_compression_delay":"-1s"}                           | must not be negative
            """)
    void aPolicyThatCannotBeMeantIsRefused(String policy, String why) {
        var name = Guests.newName("policy");
        var directory = guests.stopped(name);

        var answer = guests.imported(name, "Stopped", ",\"snapshot_policy\":" + policy);

        answer.refuses(400, "invalid_snapshot_policy", why);
        assertThat(directory).exists();
    }

    @Test
    void aPolicyIsShownInCanonicalForm() {
        var name = Guests.newName("policy");
        guests.stopped(name);

        var answer = guests.imported(name, "Stopped", ",\"snapshot_policy\":{\"standby_compression_delay\":\"24h\"}");

        assertThat(answer.expect(201).text("snapshot_policy/standby_compression_delay"))
                .isEqualTo("24h0m0s");
    }

    private static void makePipe(Path path) throws Exception {
        var made = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start();
        assertThat(made.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(made.exitValue()).isZero();
    }
}
