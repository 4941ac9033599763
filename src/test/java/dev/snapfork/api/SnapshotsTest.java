package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.file.SparseFile;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class SnapshotsTest {
    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    @Test
    void aStandbySnapshotHasMemoryAndDisksAndTheInstanceStaysAsItIs() throws IOException {
        var instance = guests.newStandby();
        var before = api.get("/instances/" + instance).json();
        var digest = Sha256.of(guests.memory(instance));

        var answer = snapshots
                .create(instance, "Standby", ",\"name\":\"first\",\"tags\":{\"team\":\"backend\"}")
                .expect(201);

        assertThat(answer.text("name")).isEqualTo("first");
        assertThat(answer.text("kind")).isEqualTo("Standby");
        assertThat(answer.text("tags/team")).isEqualTo("backend");
        assertThat(answer.text("source_instance_id")).isEqualTo(instance);
        assertThat(answer.text("source_instance_name"))
                .isEqualTo(before.get("name").asText());
        assertThat(answer.text("source_hypervisor")).isEqualTo("cloud-hypervisor");
        assertThat(answer.text("compression_state")).isEqualTo("none");
        assertThat(answer.json().has("compression")).isFalse();
        assertThat(api.get("/snapshots/" + answer.id()).expect(200).json()).isEqualTo(answer.json());
        assertThat(api.get("/instances/" + instance).json()).isEqualTo(before);
        var payload = guests.payload(answer.id());
        assertThat(Sha256.of(Snapshots.memory(payload))).isEqualTo(digest);
        assertThat(Files.readSymbolicLink(payload.resolve("rootfs"))).hasToString("/images/base.ext4");
        assertThat(payload.resolve("logs")).doesNotExist();
    }

    @Test
    void theSizeIsTheSumOfTheApparentSizesAndHolesStayHoles() throws IOException {
        var instance = guests.newStandby();

        var answer = snapshots.create(instance, "Standby", "").expect(201);

        var payload = guests.payload(answer.id());
        assertThat(answer.number("size_bytes")).isEqualTo(apparentBytes(payload));
        assertThat(SparseFile.allocatedBytes(payload.resolve("overlay.raw"))).isLessThan(1 << 20);
        var memory = Snapshots.memory(payload);
        assertThat(SparseFile.allocatedBytes(memory)).isLessThan(Files.size(memory) / 2);
    }

    private static long apparentBytes(java.nio.file.Path directory) throws IOException {
        var bytes = 0L;
        try (var files = Files.walk(directory)) {
            for (var file : files.toList()) {
                if (Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                    bytes += Files.size(file);
                }
            }
        }
        return bytes;
    }

    @Test
    void aStoppedSnapshotHasDisksOnly() {
        var instance = guests.newStopped();

        var answer = snapshots.create(instance, "Stopped", "").expect(201);

        assertThat(answer.text("kind")).isEqualTo("Stopped");
        assertThat(answer.json().has("name")).isFalse();
        assertThat(guests.payload(answer.id()).resolve("overlay.raw")).hasSize(16L << 20);
        assertThat(guests.payload(answer.id()).resolve("snapshots")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Stopped | Standby | standby snapshot requires source in Running or Standby, got Stopped
            Standby | Stopped | stopped snapshot requires source in Stopped, got Standby
            """)
    void aKindThatTheStateDoesNotAllowIsAConflict(String state, String kind, String message) {
        var instance = state.equals("Standby") ? guests.newStandby() : guests.newStopped();

        var answer = snapshots.create(instance, kind, ",\"name\":\"refused\"");

        answer.refuses(409, "conflict", message);
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
        assertThat(api.get("/snapshots?source_instance_id=" + instance).ids()).isEmpty();
    }

    @Test
    void aWritableVolumeIsNotSupported() throws IOException {
        var name = Guests.newName("volumes");
        Files.writeString(guests.stopped(name).resolve("metadata.json"), """
                {"Volumes": [{"VolumeID": "vol-ro", "MountPath": "/ro", "Readonly": true},
                             {"VolumeID": "vol-rw", "MountPath": "/rw", "Readonly": false}]}
                """);
        var instance = guests.imported(name, "Stopped", "").expect(201).id();

        var answer = snapshots.create(instance, "Stopped", "");

        answer.refuses(501, "not_supported", "vol-rw");
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
    }

    @Test
    void aNameIsUniquePerSourceAndFreedByDelete() {
        var one = guests.newStopped();
        var other = guests.newStopped();
        var named = ",\"name\":\"nightly\"";
        var first = snapshots.create(one, "Stopped", named).expect(201).id();

        snapshots.create(one, "Stopped", named).refuses(409, "conflict", "snapshot name nightly is taken");
        snapshots.create(other, "Stopped", named).expect(201);
        api.delete("/snapshots/" + first).expect(204);
        snapshots.create(one, "Stopped", named).expect(201);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                      | kind
            {"kind":"Paused"}                       | kind
            {"kind":"Stopped","name":"Upper"}       | name
            {"kind":"Stopped","name":"-dash"}       | name
            {"kind":"Stopped","name":""}            | name
            {"kind":"Stopped","tags":{"":"x"}}      | tags
            {"kind":"Stopped","tags":{"k":"a\\tb"}} | tags
            {"kind":"Stopped","tags":{"ü":"x"}}     | tags
            {"kind":"Stopped","tags":{"k":1}}       | tags
            {"kind":"Stopped","compression":{}}     | compression
            {"kind":"Stopped","compression":{"enabled":true,"level":20}}         | level
            {"kind":"Stopped","compression":{"enabled":true,"algorithm":"gzip"}} | algorithm
            """)
    void whatTheSchemaDoesNotAllowIsABadRequest(String body, String field) {
        var instance = guests.newStopped();

        api.post("/instances/" + instance + "/snapshots", body).refuses(400, "Bad Request", field);
    }

    @ParameterizedTest
    @CsvSource({"64,1,1,1,400", "63,1,1,1,201", "1,51,1,1,400", "1,50,1,1,201", "1,1,129,1,400", "1,1,128,256,201"})
    void limitsAreExact(int nameLength, int tags, int keyLength, int valueLength, int status) {
        var instance = guests.newStopped();
        var map = IntStream.range(0, tags)
                .mapToObj(i -> "\"%s\":\"%s\""
                        .formatted(
                                (i + "k".repeat(keyLength)).substring(0, Math.max(keyLength, 2)),
                                "v".repeat(valueLength)))
                .collect(Collectors.joining(",", "{", "}"));

        var answer = snapshots.create(
                instance, "Stopped", ",\"name\":\"%s\",\"tags\":%s".formatted("n".repeat(nameLength), map));

        answer.expect(status);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            source_instance_id={one}                             | a b
            source_instance_id={two}                             | c
            source_instance_id={one}&name=b                      | b
            source_instance_id={one}&name=c                      |
            source_instance_id={one}&kind=Stopped                | a b
            source_instance_id={two}&kind=Stopped                |
            tags%5Bset%5D={one}                                  | a c
            tags%5Bset%5D={one}&kind=Standby                     | c
            tags%5Bset%5D={one}&tags%5Bextra%5D=1                | c
            source_instance_id=nobody                            |
            """)
    void theListHasThoseThatMatchEveryFilter(String query, String expected) {
        var one = guests.newStopped();
        var two = guests.newStandby();
        var ids = new HashMap<String, String>();
        ids.put("a", named(one, "Stopped", "a", "{\"set\":\"%s\"}".formatted(one)));
        ids.put("b", named(one, "Stopped", "b", "{}"));
        ids.put("c", named(two, "Standby", "c", "{\"set\":\"%s\",\"extra\":\"1\"}".formatted(one)));

        var found = api.get("/snapshots?" + query.replace("{one}", one).replace("{two}", two));

        var names = expected == null ? List.<String>of() : List.of(expected.split(" ", -1));
        assertThat(found.expect(200).ids())
                .containsExactlyInAnyOrderElementsOf(
                        names.stream().map(ids::get).toList());
    }

    private String named(String instance, String kind, String name, String tags) {
        return snapshots
                .create(instance, kind, ",\"name\":\"%s\",\"tags\":%s".formatted(name, tags))
                .expect(201)
                .id();
    }

    @Test
    void aKindThatDoesNotExistIsRefused() {
        api.get("/snapshots?kind=Frozen").refuses(400, "Bad Request", "kind must be one of");
    }

    @Test
    void pagesHaveEachSnapshotExactlyOnceAndTheNewestFirst() {
        var instance = guests.newStopped();
        var made = new ArrayList<String>();
        for (var i = 0; i < 5; i++) {
            made.add(snapshots.take(instance, "Stopped"));
        }

        assertThat(Pages.ids(api, "/snapshots?source_instance_id=" + instance + "&limit=2"))
                .isEqualTo(made.reversed());
        assertThat(Pages.ids(api, "/snapshots?source_instance_id=" + instance + "&limit=5"))
                .isEqualTo(made.reversed());
    }

    @Test
    void aSnapshotDeletedBetweenTwoPagesShiftsNothing() {
        var instance = guests.newStopped();
        var made = new ArrayList<String>();
        for (var i = 0; i < 4; i++) {
            made.add(snapshots.take(instance, "Stopped"));
        }
        var first = api.get("/snapshots?source_instance_id=" + instance + "&limit=2")
                .expect(200);
        api.delete("/snapshots/" + first.ids().getLast()).expect(204);

        var link = String.valueOf(first.header("Link"));
        var second = api.get(link.substring(1, link.indexOf('>'))).expect(200);

        assertThat(second.ids()).isEqualTo(made.subList(0, 2).reversed());
    }

    @Test
    void aDeletedSnapshotIsGoneAndNeitherSourceNorForkIsTouched() throws IOException {
        var instance = guests.newStandby();
        var id = snapshots.take(instance, "Standby");
        var fork = snapshots.forkToStandby(id);
        var source = Sha256.of(guests.memory(instance));

        api.delete("/snapshots/" + id).expect(204);

        api.get("/snapshots/" + id).refuses(404, "not_found", id);
        api.delete("/snapshots/" + id).refuses(404, "not_found", id);
        snapshots.fork(id, "\"name\":\"late\"").refuses(404, "not_found", id);
        assertThat(guests.snapshot(id)).doesNotExist();
        assertThat(Sha256.of(guests.memory(instance))).isEqualTo(source);
        assertThat(Sha256.of(guests.memory(fork))).isEqualTo(source);
    }

    @Test
    void aSnapshotOutlivesItsSource() {
        var instance = guests.newStandby();
        var id = snapshots.take(instance, "Standby");

        api.delete("/instances/" + instance).expect(204);

        assertThat(api.get("/snapshots/" + id).expect(200).text("source_instance_id"))
                .isEqualTo(instance);
        snapshots.forkToStandby(id);
    }

    @Test
    void anInstanceThatIsNotThereHasNoSnapshots() {
        snapshots.create("nobody", "Stopped", "").refuses(404, "not_found", "nobody");
    }
}
