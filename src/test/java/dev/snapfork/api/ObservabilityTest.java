package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.snapfork.log.WireJson;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dashboard and the alerts ask for metrics that there are, and who is woken finds what to do. */
@QuarkusTest
class ObservabilityTest {
    private static final Path DEPLOY = Path.of("deploy");
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Pattern METRIC = Pattern.compile("\\b(?:snapfork|http|jvm|process)_[a-z0-9_]+");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(snapfork_[a-z0-9_]+)`");
    private static final Set<String> SUFFIXES = Set.of("_bucket", "_count", "_sum", "_max");

    private final ApiClient api = ApiClient.ofTheService();
    private Set<String> exported = Set.of();

    /** A metric of what has never happened may not be there yet. */
    @BeforeEach
    void haveSomethingHappen() {
        var snapshots = new Snapshots(api);
        var snapshot = snapshots
                .create(Guests.ofTheService(api).newStandby(), "Standby", ",\"compression\":{\"enabled\":true}")
                .expect(201)
                .id();
        snapshots.settled(snapshot);
        snapshots.forkToStandby(snapshot);
        api.post("/snapshots/" + snapshot + "/verify", "").expect(200);
        exported = Eventually.see(
                SOON,
                () -> Metrics.of(api).names(),
                names -> names.contains("snapfork_operation_duration_seconds_bucket")
                        && names.contains("snapfork_compression_ratio_bucket"));
    }

    private static JsonNode dashboard() throws IOException {
        return WireJson.mapper()
                .readTree(DEPLOY.resolve("observability/grafana/dashboards/snapfork.json")
                        .toFile());
    }

    private static List<JsonNode> alerts() throws IOException {
        var alerts = new ArrayList<JsonNode>();
        new ObjectMapper(new YAMLFactory())
                .readTree(DEPLOY.resolve("observability/prometheus/rules/snapfork.yaml")
                        .toFile())
                .required("groups")
                .forEach(group -> group.required("rules").forEach(alerts::add));
        return alerts;
    }

    private static Set<String> metricsIn(String expression) {
        var found = new TreeSet<String>();
        METRIC.matcher(expression).results().forEach(match -> found.add(match.group()));
        return found;
    }

    @Test
    void everyPanelAsksForMetricsThatAreExported() throws IOException {
        var panels = dashboard().required("panels");
        var ids = new HashSet<Integer>();

        assertThat(panels).hasSizeGreaterThan(10);
        for (var panel : panels) {
            var title = panel.required("title").asText();
            assertThat(ids.add(panel.required("id").asInt())).as(title).isTrue();
            var place = panel.required("gridPos");
            assertThat(place.required("x").asInt() + place.required("w").asInt())
                    .as(title)
                    .isLessThanOrEqualTo(24);
            if (!panel.required("type").asText().equals("row")) {
                assertThat(panel.required("targets")).as(title).isNotEmpty();
                assertThat(panel.required("targets")).allSatisfy(target -> {
                    var metrics = metricsIn(target.required("expr").asText());
                    assertThat(metrics).as(title).isNotEmpty();
                    assertThat(exported).as(title).containsAll(metrics);
                });
            }
        }
        assertThat(dashboard().required("schemaVersion").asInt()).isGreaterThanOrEqualTo(36);
        assertThat(dashboard().at("/templating/list/0/type").asText()).isEqualTo("datasource");
    }

    @Test
    void everyAlertAsksForMetricsThatAreExportedAndLeadsToItsPageInTheRunbook() throws IOException {
        var runbook = Files.readString(DEPLOY.resolve("runbook.md"));

        assertThat(alerts()).hasSizeGreaterThan(10).allSatisfy(alert -> {
            var name = alert.required("alert").asText();
            var expression = alert.required("expr").asText();
            // what Prometheus itself says of a target
            assertThat(exported).as(name).containsAll(metricsIn(expression));
            assertThat(alert.at("/labels/severity").asText()).as(name).isIn("critical", "warning");
            assertThat(alert.at("/annotations/summary").asText()).as(name).isNotBlank();
            assertThat(alert.at("/annotations/runbook_url").asText())
                    .isEqualTo("deploy/runbook.md#" + name.toLowerCase(Locale.ROOT));
            assertThat(runbook).contains("\n### " + name + "\n");
            var page = runbook.split("\n### " + name + "\n", 2)[1].split("\n### ", 2)[0];
            assertThat(page).as(name).contains("**Means**", "**Look at**", "```sh\n", "**Do**");
        });
    }

    @Test
    void everyPageOfTheRunbookIsAnAlertsAndItsLinksLeadSomewhere() throws IOException {
        var runbook = Files.readString(DEPLOY.resolve("runbook.md"));
        var alerts =
                alerts().stream().map(alert -> alert.required("alert").asText()).toList();
        var headings = Pattern.compile("(?m)^### (.+)$")
                .matcher(runbook)
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(headings).containsExactlyElementsOf(alerts);
        Pattern.compile("\\(#([a-z]+)\\)").matcher(runbook).results().forEach(link -> assertThat(alerts)
                .anyMatch(name -> name.toLowerCase(Locale.ROOT).equals(link.group(1))));
        assertThat(metricsIn(runbook))
                .allSatisfy(asked -> assertThat(exported).as(asked).anyMatch(name -> name.startsWith(asked)));
    }

    @Test
    void theTableOfMetricsNamesAllOfTheServicesOwnAndNoOthers() throws IOException {
        var documented = new TreeSet<String>();
        DOCUMENTED
                .matcher(Files.readString(DEPLOY.resolve("observability/README.md")))
                .results()
                .forEach(match -> documented.add(match.group(1)));

        var own = new TreeSet<String>();
        exported.stream()
                .filter(name -> name.startsWith("snapfork_"))
                .map(ObservabilityTest::family)
                .forEach(own::add);
        assertThat(documented).isEqualTo(own);
    }

    private static String family(String series) {
        return SUFFIXES.stream()
                .filter(series::endsWith)
                .map(suffix -> series.substring(0, series.length() - suffix.length()))
                .findFirst()
                .orElse(series);
    }
}
