package dev.snapfork.api;

import static dev.snapfork.api.Probe.Wanted.METHOD_NOT_ALLOWED;
import static dev.snapfork.api.Probe.Wanted.NO_FAILURE;

import dev.snapfork.contract.DescribedOperation;
import dev.snapfork.contract.OwnContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** All that can be got wrong in a request, for each operation of the served document. */
final class OddRequests {
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "SNAPFORK");

    private static final String JSON = "application/json";

    private final BiFunction<DescribedOperation, String, String> existing;
    private final long seed;
    private final List<Probe> probes = new ArrayList<>();

    /** @param existing a good value of a parameter in a path or query; empty where one in a query may be left out */
    OddRequests(long seed, BiFunction<DescribedOperation, String, String> existing) {
        this.seed = seed;
        this.existing = existing;
    }

    /** The same ones in the same order for the same seed and names. */
    List<Probe> all() {
        OwnContract.operations().forEach(this::of);
        methods();
        return List.copyOf(probes);
    }

    private void of(DescribedOperation operation) {
        var plain = plain(operation);
        paths(operation, plain);
        new OddQueries(probes, existing).of(operation, plain);
        new OddHeaders(probes).of(operation, plain);
        new OddContent(probes, seed).of(operation, plain);
    }

    private Probe plain(DescribedOperation operation) {
        var probe = new Probe("", operation.method(), path(operation, "", ""), List.of(), "", NO_FAILURE)
                .with("Authorization", "Bearer " + Tokens.everything());
        var body = operation.body();
        return body == null ? probe : probe.with("Content-Type", JSON).body(OddValue.text(new Shape(body).example()));
    }

    /** The operation's path with this value of this parameter, and existing ones of the others. */
    private String path(DescribedOperation operation, String parameter, String value) {
        var path = operation.path();
        for (var each : operation.parametersIn("path")) {
            var name = each.required("name").textValue();
            path = path.replace("{" + name + "}", name.equals(parameter) ? value : existing.apply(operation, name));
        }
        return path;
    }

    private void paths(DescribedOperation operation, Probe plain) {
        for (var parameter : operation.parametersIn("path")) {
            var name = parameter.required("name").textValue();
            for (var odd : OddText.all()) {
                var value = odd.encoded().length() > 3000 ? odd.encoded().substring(0, 3000) : odd.encoded();
                probes.add(plain.target(path(operation, name, value))
                        .because("{" + name + "} with " + odd.what(), NO_FAILURE));
            }
            var id = existing.apply(operation, name);
            for (var raw : List.of(
                    "..",
                    ".",
                    "../..",
                    "..%2f..",
                    "%2e%2e",
                    "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd",
                    "%2f",
                    "//",
                    "/etc/passwd",
                    "%",
                    "%z",
                    "%zz",
                    "%u0041",
                    "%c0%ae%c0%ae%c0%af",
                    "%ff",
                    "a%0d%0aX-Injected:%201",
                    ";",
                    ";a=b",
                    id + ";a=b",
                    id + "/",
                    id + "%00",
                    id + "%20",
                    "%20" + id,
                    id + "%2F..",
                    id + "?",
                    id.toUpperCase(java.util.Locale.ROOT),
                    id + id,
                    id.substring(1),
                    "*",
                    "'",
                    "[a]",
                    "{a}",
                    "|",
                    "^",
                    "`",
                    "<a>",
                    "\"",
                    "\\",
                    "\\..\\..",
                    "a".repeat(3500),
                    "a".repeat(70_000),
                    "\u00C3\u00BC",
                    "\u00FF",
                    "+",
                    "~",
                    "%25",
                    "%252e%252e",
                    "$",
                    "@",
                    "!")) {
                var what = raw.length() > 100 ? raw.length() + " long" : raw;
                probes.add(plain.target(path(operation, name, raw)).because("{" + name + "} raw: " + what, NO_FAILURE));
            }
        }
        for (var around : List.of(
                "/" + plain.target(),
                plain.target() + "/",
                plain.target() + "//",
                plain.target() + "/.",
                plain.target() + "/..",
                "/." + plain.target(),
                "/x/.." + plain.target(),
                plain.target() + "#a",
                "http://localhost" + plain.target(),
                "http://127.0.0.1:1/" + plain.target(),
                "*")) {
            probes.add(plain.target(around).because("an odd way to the path", NO_FAILURE));
        }
    }

    /** Every method on every path; those that the path has are sent as well, with nothing in them. */
    private void methods() {
        var paths = OwnContract.operations().stream()
                .collect(Collectors.toMap(
                        DescribedOperation::path,
                        operation -> operation,
                        (first, second) -> first,
                        java.util.TreeMap::new));
        paths.forEach((path, operation) -> METHODS.forEach(method -> {
            var plain = plain(operation).method(method).body("");
            var unknown = Contract.route(method, plain.target()).isEmpty()
                    && !Set.of("HEAD", "OPTIONS").contains(method);
            if (unknown) {
                probes.add(plain.because("a method that it does not have", METHOD_NOT_ALLOWED));
                probes.add(plain.without("Authorization")
                        .because("a method that it does not have, from nobody", NO_FAILURE));
                probes.add(plain.body("{}").because("a body to a method that it does not have", METHOD_NOT_ALLOWED));
            } else if (!method.equals("DELETE")) {
                probes.add(plain.because("nothing sent", NO_FAILURE));
            }
        }));
        for (var path : List.of(
                "/",
                "//",
                "/nowhere",
                "/q",
                "/q/nowhere",
                "/q/health/..",
                "/openapi/x",
                "/q/dev",
                "/favicon.ico",
                "/.well-known/x",
                "/%2e%2e/etc/passwd")) {
            METHODS.forEach(method -> probes.add(new Probe("no route", method, path, List.of(), "", NO_FAILURE)
                    .with("Authorization", "Bearer " + Tokens.everything())));
        }
    }
}
