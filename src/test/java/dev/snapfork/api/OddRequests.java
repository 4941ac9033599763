package dev.snapfork.api;

import static dev.snapfork.api.Probe.Wanted.BAD_REQUEST;
import static dev.snapfork.api.Probe.Wanted.METHOD_NOT_ALLOWED;
import static dev.snapfork.api.Probe.Wanted.NO_FAILURE;
import static dev.snapfork.api.Probe.Wanted.TOO_LARGE;
import static dev.snapfork.api.Probe.Wanted.UNSUPPORTED_MEDIA_TYPE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.contract.DescribedOperation;
import dev.snapfork.contract.OwnContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** All that can be got wrong in a request, for each operation of the served document. */
final class OddRequests {
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "SNAPFORK");
    /** What the service reads of a body at most. */
    private static final int LARGEST_BODY = 128 << 10;

    private static final String JSON = "application/json";

    private final BiFunction<DescribedOperation, String, String> existing;
    private final long seed;
    private final List<Probe> probes = new ArrayList<>();

    /** @param existing a value of a path parameter that names something */
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
        for (var parameter : operation.parametersIn("query")) {
            query(parameter, plain);
        }
        add(plain, "unknown query parameters", "?x=1&x=2&&=&a[]=1&__proto__=1&%F0%9F%98%80=%00", NO_FAILURE);
        for (var query : List.of(
                "?%",
                "?%zz=1", "?a=%f", "?tags%5Bx=%", "?a=%c0%af", "?" + "&".repeat(2000), "?" + "a=1&".repeat(900))) {
            add(plain, "odd query", query, NO_FAILURE);
        }
        headers(operation, plain);
        body(operation, plain);
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

    private void add(Probe plain, String what, String query, Probe.Wanted wanted) {
        probes.add(plain.target(plain.target() + query).because(what, wanted));
    }

    private void query(JsonNode parameter, Probe plain) {
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
                add(plain, name + " as " + odd, "?" + odd.replace("[", "%5B").replace("]", "%5D"), BAD_REQUEST);
            }
            add(plain, name + " unencoded", "?" + name + "[a]=b", NO_FAILURE);
            return;
        }
        for (var number : shape.takes("integer") ? shape.numbersAround() : List.<Long>of()) {
            add(
                    plain,
                    name + " is " + number,
                    "?" + name + "=" + number,
                    shape.takesNumber(number) ? NO_FAILURE : BAD_REQUEST);
        }
        for (var no : shape.takes("integer")
                ? List.of("", "a", "1.5", "1e2", "0x1", "%2B1", "%201", "1%20", "%D9%A1", "--1", "9".repeat(100))
                : List.<String>of()) {
            add(plain, name + " is no integer", "?" + name + "=" + no, BAD_REQUEST);
        }
        for (var near : shape.textsAround()) {
            var encoded = new OddText("", "", near).encoded();
            add(
                    plain,
                    name + " is nearly right",
                    "?" + name + "=" + encoded,
                    shape.takesText(near) ? NO_FAILURE : BAD_REQUEST);
        }
        for (var odd : OddText.all()) {
            var value = odd.encoded().length() > 3500 ? odd.encoded().substring(0, 3498) : odd.encoded();
            var refused = !shape.takes("string") || !shape.values().isEmpty();
            add(plain, name + " with " + odd.what(), "?" + name + "=" + value, refused ? BAD_REQUEST : NO_FAILURE);
        }
        var example = shape.example().asText();
        add(plain, name + " twice", "?" + name + "=" + example + "&" + name + "=" + example + "x", BAD_REQUEST);
        add(plain, name + " without a value", "?" + name, NO_FAILURE);
    }

    private void headers(DescribedOperation operation, Probe plain) {
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

    private void body(DescribedOperation operation, Probe plain) {
        var schema = operation.body();
        if (schema == null) {
            for (var body : List.of("{}", "[]", "nonsense", "\0", "x".repeat(LARGEST_BODY))) {
                probes.add(plain.with("Content-Type", JSON)
                        .body(body)
                        .because("a body that is not asked for", NO_FAILURE));
            }
            return;
        }
        var shape = new Shape(schema);
        for (var odd : OddBody.of(shape, new Random(seed))) {
            var wanted = odd.bytes().length() > LARGEST_BODY ? TOO_LARGE : odd.refused() ? BAD_REQUEST : NO_FAILURE;
            probes.add(plain.body(odd.bytes()).because("body " + odd.what(), wanted));
        }
        var bare = plain.without("Content-Type");
        probes.add(bare.because("no content type", NO_FAILURE));
        for (var type : List.of(
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=a",
                "application/jsonx",
                "text/json",
                "*/*",
                "application/*",
                "application/octet-stream")) {
            probes.add(bare.with("Content-Type", type).because("content type " + type, UNSUPPORTED_MEDIA_TYPE));
        }
        for (var type : List.of(
                "",
                ";",
                "application/json;",
                "application/json; charset=",
                "application",
                "a/b/c",
                "application/json; charset=nonsense",
                "application/json; charset=\"utf-8",
                "application/json; charset=utf-8",
                "application/problem+json",
                "APPLICATION/JSON",
                "application/json, text/plain",
                "application/json; " + "x".repeat(5000),
                "\u00FF",
                "application/json;q=1;q=2")) {
            probes.add(bare.with("Content-Type", type).because("content type " + cut(type), NO_FAILURE));
        }
        probes.add(plain.with("Content-Type", "text/plain").because("two content types", NO_FAILURE));
        for (var charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_32)) {
            var bytes = new String(shape.example().toString().getBytes(charset), StandardCharsets.ISO_8859_1);
            probes.add(bare.with("Content-Type", JSON + "; charset=" + charset)
                    .body(bytes)
                    .because("in " + charset, NO_FAILURE));
            probes.add(bare.with("Content-Type", JSON + "; charset=" + charset)
                    .because("said to be in " + charset, NO_FAILURE));
        }
        for (var coding : List.of("gzip", "deflate", "br", "identity", "nonsense", "gzip, gzip", "")) {
            var wanted = coding.equals("identity") || coding.isEmpty() ? NO_FAILURE : UNSUPPORTED_MEDIA_TYPE;
            probes.add(plain.with("Content-Encoding", coding)
                    .body(zipped(plain.body()))
                    .because("content coding " + coding, wanted));
        }
        probes.add(plain.body(zipped(plain.body())).because("zipped without saying so", BAD_REQUEST));
    }

    /** Every method on every path; those that the path has are sent as well, with nothing in them. */
    private void methods() {
        var routes = Set.copyOf(OwnContract.routes());
        var paths = OwnContract.operations().stream()
                .collect(Collectors.toMap(
                        DescribedOperation::path,
                        operation -> operation,
                        (first, second) -> first,
                        java.util.TreeMap::new));
        paths.forEach((path, operation) -> METHODS.forEach(method -> {
            var plain = plain(operation).method(method).body("");
            var unknown = !routes.contains(method + " " + path)
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

    private static String cut(String text) {
        return text.length() > 40 ? text.length() + " characters" : text;
    }

    private static String zipped(String body) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(body.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
