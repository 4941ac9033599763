package dev.snapfork.api;

import static dev.snapfork.api.Probe.Wanted.BAD_REQUEST;
import static dev.snapfork.api.Probe.Wanted.NO_FAILURE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.contract.DescribedOperation;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** Queries that an operation does not expect. */
final class OddQueries {
    private final List<Probe> probes;
    private final BiFunction<DescribedOperation, String, String> existing;

    /**
     * @param probes what is made is added to these
     * @param existing a good value of a query parameter; empty where it may be left out
     */
    OddQueries(List<Probe> probes, BiFunction<DescribedOperation, String, String> existing) {
        this.probes = probes;
        this.existing = existing;
    }

    /** What the query has to say beside a parameter that is odd, so that the oddness is got to. */
    private String beside(DescribedOperation operation, JsonNode parameter) {
        return operation.parametersIn("query").stream()
                .filter(other -> !other.equals(parameter))
                .map(other -> other.required("name").textValue())
                .filter(name -> !existing.apply(operation, name).isEmpty())
                .map(name -> "&" + name + "=" + existing.apply(operation, name))
                .collect(Collectors.joining());
    }

    void of(DescribedOperation operation, Probe plain) {
        operation.parametersIn("query").forEach(parameter -> of(parameter, beside(operation, parameter), plain));
        add(plain, "unknown query parameters", "?x=1&x=2&&=&a%5B%5D=1&__proto__=1&%F0%9F%98%80=%00", NO_FAILURE);
        for (var query : List.of(
                "?%",
                "?%zz=1",
                "?a=%f",
                "?tags%5Bx=%",
                "?a[]=1",
                "?a=%c0%af",
                "?" + "&".repeat(2000),
                "?" + "a=1&".repeat(900))) {
            add(plain, "odd query", query, NO_FAILURE);
        }
    }

    private void of(JsonNode parameter, String beside, Probe plain) {
        var name = parameter.required("name").textValue();
        var shape = new Shape(parameter.required("schema"));
        if (shape.takes("object")) {
            for (var odd : List.of(
                    name + "=",
                    name + "=a",
                    name + "[]=a",
                    name + "[=a",
                    name + "[a=b",
                    name + "[a]b=c",
                    name + "[a][b]=c",
                    name + "[a]=b&" + name + "[a]=c",
                    name + "[" + "a".repeat(129) + "]=b",
                    name + "[a]=" + "b".repeat(257),
                    name + "[%00]=a",
                    name + "[a]=%00",
                    name + "[%F0%9F%98%80]=a",
                    name + "[a]=%ED%A0%80")) {
                add(
                        plain,
                        name + " as " + odd,
                        "?" + odd.replace("[", "%5B").replace("]", "%5D") + beside,
                        BAD_REQUEST);
            }
            add(plain, name + " unencoded", "?" + name + "[a]=b" + beside, NO_FAILURE);
            return;
        }
        for (var number : shape.takes("integer") ? shape.numbersAround() : List.<Long>of()) {
            add(
                    plain,
                    name + " is " + number,
                    "?" + name + "=" + number + beside,
                    shape.takesNumber(number) ? NO_FAILURE : BAD_REQUEST);
        }
        for (var no : shape.takes("integer")
                ? List.of("", "a", "1.5", "1e2", "0x1", "%2B1", "%201", "1%20", "%D9%A1", "--1", "9".repeat(100))
                : List.<String>of()) {
            add(plain, name + " is no integer", "?" + name + "=" + no + beside, BAD_REQUEST);
        }
        for (var near : shape.textsAround()) {
            var encoded = new OddText("", "", near).encoded();
            add(
                    plain,
                    name + " is nearly right",
                    "?" + name + "=" + encoded + beside,
                    shape.takesText(near) ? NO_FAILURE : BAD_REQUEST);
        }
        for (var odd : OddText.all()) {
            var value = odd.encoded().length() > 3500 ? odd.encoded().substring(0, 3498) : odd.encoded();
            var refused = !shape.takes("string") || !shape.values().isEmpty();
            add(
                    plain,
                    name + " with " + odd.what(),
                    "?" + name + "=" + value + beside,
                    refused ? BAD_REQUEST : NO_FAILURE);
        }
        var example = shape.example().asText();
        add(
                plain,
                name + " twice",
                "?" + name + "=" + example + "&" + name + "=" + example + "x" + beside,
                BAD_REQUEST);
        add(plain, name + " without a value", "?" + name + beside, NO_FAILURE);
    }

    private void add(Probe plain, String what, String query, Probe.Wanted wanted) {
        probes.add(plain.target(plain.target() + hurried(plain, query)).because(what, wanted));
    }

    /** What asks to wait for a state says for how long: nobody has a minute; and what is odd about the time has a state to wait for. */
    private static String hurried(Probe plain, String query) {
        if (!plain.target().endsWith("/wait")) {
            return query;
        }
        return query.startsWith("?state")
                ? query + "&timeout=10ms"
                : query.replaceFirst("^\\?timeout", "?state=Standby&timeout");
    }
}
