package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class InstancesTest {
    private static final int LETTERS = 26;

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);

    private String tagged(String state, String tags) {
        var name = Guests.newName("listed");
        if (state.equals("Standby")) {
            guests.standby(name);
        } else {
            guests.stopped(name);
        }
        return guests.imported(name, state, ",\"tags\":" + tags).expect(201).id();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tags[list]={}                                         | red blue green
            tags[list]={}&tags[color]=red                         | red
            tags%5Blist%5D={}&tags%5Bcolor%5D=red                 | red
            tags%5Blist%5D={}&tags[color]=blue                    | blue
            tags[list]={}&tags[color]=yellow                      |
            tags[list]={}&tags%5Bwith%20space%5D=a%2Fb%3Ac%40d    | green
            tags[list]={}&state=Standby                           | blue
            tags[list]={}&state=Stopped                           | red green
            tags[list]={}&state=Running                           |
            """)
    void theListHasThoseThatMatchEveryFilter(String query, String expected) {
        var list = Guests.newName("list");
        var byColor = new HashMap<String, String>();
        byColor.put("red", tagged("Stopped", "{\"list\":\"%s\",\"color\":\"red\"}".formatted(list)));
        byColor.put("blue", tagged("Standby", "{\"list\":\"%s\",\"color\":\"blue\"}".formatted(list)));
        byColor.put("green", tagged("Stopped", "{\"list\":\"%s\",\"with space\":\"a/b:c@d\"}".formatted(list)));

        var found = api.get(
                "/instances?" + query.replace("{}", list).replace("[", "%5b").replace("]", "%5D"));

        var colors = expected == null ? Set.<String>of() : Set.of(expected.split(" ", -1));
        assertThat(found.expect(200).ids())
                .containsExactlyInAnyOrderElementsOf(
                        colors.stream().map(byColor::get).toList());
    }

    @Test
    void aStateThatDoesNotExistIsRefused() {
        api.get("/instances?state=Sleeping").refuses(400, "Bad Request", "state must be one of");
    }

    @Test
    void anInstanceIsFoundByIdNameAndUniquePrefix() {
        var name = Guests.newName("found");
        guests.stopped(name);
        var instance = guests.imported(name, "Stopped", "").expect(201);

        assertThat(api.get("/instances/" + instance.id()).expect(200).json()).isEqualTo(instance.json());
        assertThat(api.get("/instances/" + name).expect(200).json()).isEqualTo(instance.json());
        assertThat(api.get("/instances/" + instance.id().substring(0, 20))
                        .expect(200)
                        .json())
                .isEqualTo(instance.json());
    }

    @Test
    void aPrefixOfSeveralIdsIsAmbiguous() {
        var byLetter = new HashMap<Character, String>();
        var letter = ' ';
        for (var made = 0; made <= LETTERS && letter == ' '; made++) {
            var id = guests.newStopped();
            if (byLetter.put(id.charAt(0), id) != null) {
                letter = id.charAt(0);
            }
        }

        var answer = api.get("/instances/" + letter);

        answer.refuses(409, "ambiguous", "more than one instance");
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
    }

    @Test
    void aDeletedInstanceIsGoneWithItsFilesAndItsNameIsFree() {
        var name = Guests.newName("deleted");
        guests.stopped(name);
        var id = guests.imported(name, "Stopped", "").expect(201).id();

        api.delete("/instances/" + id).expect(204);

        api.get("/instances/" + id).refuses(404, "not_found", id);
        api.delete("/instances/" + id).refuses(404, "not_found", id);
        assertThat(guests.guest(id)).doesNotExist();
        guests.leaveNothingBehind();
        guests.stopped(name);
        guests.imported(name, "Stopped", "").expect(201);
    }

    @Test
    void pagesHaveEachInstanceExactlyOnceAndTheNewestFirst() {
        var list = Guests.newName("paged");
        var made = new ArrayList<String>();
        for (var i = 0; i < 7; i++) {
            made.add(tagged("Stopped", "{\"list\":\"%s\"}".formatted(list)));
        }

        var paged = Pages.ids(api, "/instances?tags%5Blist%5D=" + list + "&limit=3");

        assertThat(paged).isEqualTo(List.copyOf(made.reversed()));
    }

    @ParameterizedTest
    @CsvSource({"limit=0", "limit=1001", "limit=many", "cursor=abc", "cursor=%00", "limit=1&limit=2"})
    void aPageThatCannotBeMeantIsRefused(String query) {
        assertThat(api.get("/instances?" + query).expect(400).text("code")).isEqualTo("Bad Request");
    }
}
