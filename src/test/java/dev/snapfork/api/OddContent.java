package dev.snapfork.api;

import static dev.snapfork.api.Probe.Wanted.BAD_REQUEST;
import static dev.snapfork.api.Probe.Wanted.NO_FAILURE;
import static dev.snapfork.api.Probe.Wanted.TOO_LARGE;
import static dev.snapfork.api.Probe.Wanted.UNSUPPORTED_MEDIA_TYPE;

import dev.snapfork.contract.DescribedOperation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Bodies that an operation does not expect, and odd things said of them. */
final class OddContent {
    /** What the service reads of a body at most. */
    private static final int LARGEST_BODY = 128 << 10;

    private static final String JSON = "application/json";

    private final List<Probe> probes;
    private final long seed;

    /** @param probes what is made is added to these */
    OddContent(List<Probe> probes, long seed) {
        this.probes = probes;
        this.seed = seed;
    }

    void of(DescribedOperation operation, Probe plain) {
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
