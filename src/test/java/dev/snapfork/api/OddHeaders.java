package dev.snapfork.api;

import static dev.snapfork.api.Probe.Wanted.BAD_REQUEST;
import static dev.snapfork.api.Probe.Wanted.NO_FAILURE;

import dev.snapfork.contract.DescribedOperation;
import java.util.List;

/** Headers that an operation does not expect. */
final class OddHeaders {
    private static final String JSON = "application/json";

    private final List<Probe> probes;

    /** @param probes what is made is added to these */
    OddHeaders(List<Probe> probes) {
        this.probes = probes;
    }

    void of(DescribedOperation operation, Probe plain) {
        for (var parameter : operation.parametersIn("header")) {
            var name = parameter.required("name").textValue();
            var shape = new Shape(parameter.required("schema"));
            var open = shape.takesText("") && shape.takesText("\u00E9 ");
            for (var text : headerTexts()) {
                var refused = !open && !shape.takesText(text.strip());
                probes.add(
                        plain.with(name, text).because(name + " is " + cut(text), refused ? BAD_REQUEST : NO_FAILURE));
            }
            shape.textsAround().stream()
                    .filter(text -> !text.contains("\n"))
                    .forEach(text -> probes.add(plain.with(name, text)
                            .because(
                                    name + " is nearly right",
                                    shape.takesText(text.strip()) ? NO_FAILURE : BAD_REQUEST)));
            var example = parameter.path("example").asText("a");
            probes.add(plain.with(name, example)
                    .with(name, example + "x")
                    .because(name + " twice", open ? NO_FAILURE : BAD_REQUEST));
        }
        for (var accept : List.of(
                "text/html",
                "*/*;q=0",
                "",
                "nonsense",
                "application/json;q=2",
                "a/b/c",
                "x".repeat(5000),
                "\u00FF",
                "application/xml, */*;q=0.1")) {
            probes.add(plain.with("Accept", accept).because("Accept: " + cut(accept), NO_FAILURE));
        }
        probes.add(plain.with("Accept", JSON).with("Accept", "text/html").because("Accept twice", NO_FAILURE));
        for (var authorization : List.of(
                "",
                "Bearer",
                "Bearer ",
                "Bearer \u00FF\u00FE",
                "Bearer a.b.c",
                "Basic Og==",
                "Bearer " + "a".repeat(9000),
                "Bearer e30.e30.",
                "Bearer ..")) {
            probes.add(plain.without("Authorization")
                    .with("Authorization", authorization)
                    .because("Authorization: " + cut(authorization), NO_FAILURE));
        }
        probes.add(plain.with("Authorization", "Bearer other").because("Authorization twice", NO_FAILURE));
        for (var header : List.of(
                "Range",
                "If-Match",
                "If-None-Match",
                "If-Modified-Since",
                "Cookie",
                "X-Forwarded-For",
                "Forwarded",
                "X-HTTP-Method-Override",
                "Origin",
                "Accept-Language",
                "Accept-Charset",
                "Accept-Encoding",
                "Upgrade",
                "TE",
                "Referer",
                "User-Agent",
                "X-Forwarded-Host")) {
            var values = List.of("\u00FF;,=\"", "DELETE", "", "bytes=0-,1-2,-3", "null", "websocket");
            for (var value : operation.method().equals("GET") ? values : values.subList(0, 1)) {
                probes.add(plain.with(header, value).because(header + ": " + value, NO_FAILURE));
            }
        }
    }

    private static List<String> headerTexts() {
        return List.of(
                "",
                " ",
                "\t",
                "a b",
                "\u00E9",
                "\u00FF\u00FE",
                "\u00F0\u009F\u0098\u0080",
                "respond-async",
                "RESPOND-ASYNC; wait=100",
                "respond-async, wait=10, handling=lenient",
                "wait=-1",
                ",,,;;;===",
                "respond-async=\"",
                "\"",
                "a".repeat(255),
                "a".repeat(256),
                "a".repeat(6000),
                "../../etc",
                "%00",
                "'; --",
                "{}",
                "null",
                "\\",
                "~",
                "!",
                "\u007F");
    }

    private static String cut(String text) {
        return text.length() > 40 ? text.length() + " characters" : text;
    }
}
