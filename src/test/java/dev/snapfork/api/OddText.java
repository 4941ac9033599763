package dev.snapfork.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A text that nobody expects.
 *
 * @param json its bytes, one a character, as they stand between the quotes of a JSON string
 * @param text what they mean; null if they mean nothing, or nothing that can be kept
 */
record OddText(String what, String json, @Nullable String text) {
    private static final int HUGE = 100_000;

    /** The bytes of the text in UTF-8, one a character. */
    static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Whether it can be told in UTF-8 and kept in PostgreSQL. */
    boolean exists() {
        return text != null;
    }

    /** The text as it stands in a URL. */
    String encoded() {
        var bytes = text == null ? json : utf8(text);
        var url = new StringBuilder();
        bytes.chars().forEach(b -> url.append(String.format(Locale.ROOT, "%%%02X", b)));
        return url.toString();
    }

    static List<OddText> all() {
        var all = new ArrayList<OddText>();
        plain(all, "empty", "");
        plain(all, "a blank", " ");
        plain(all, "blanks around", " a ");
        plain(all, "emoji", "\uD83D\uDE00\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67");
        plain(all, "right to left", "\u202Eabc\u2066\u05D0\u0627");
        plain(all, "combining", "a" + "\u0301".repeat(200));
        plain(all, "full width", "\uFF41\uFF42\uFF0E\uFF0E\uFF0F");
        plain(all, "dotless i", "\u0131\u0130");
        plain(all, "no character", "\uFFFE\uFFFF\uFEFF");
        plain(all, "line separators", "a\u2028b\u2029c\u0085d");
        plain(all, "arabic digits", "\u0661\u0662");
        plain(all, "quoting", "'; drop table snapshot_view; --");
        plain(all, "percent", "%s%n%x %d {0} ${jndi:ldap://127.0.0.1/a} {{7*7}}");
        plain(all, "markup", "<script>alert(1)</script>");
        plain(all, "huge", "x".repeat(HUGE));
        for (var trick : List.of(
                "..",
                ".",
                "../..",
                "../../../../etc/passwd",
                "/etc/passwd",
                "//",
                "a//b",
                "a/../../b",
                "a/./b",
                "a/",
                "..\\..\\windows",
                "C:\\",
                "%2e%2e%2f",
                "%252e",
                "~root",
                "a/" + "b/".repeat(400) + "c",
                "a".repeat(1023),
                "a".repeat(1024),
                "a".repeat(1025),
                "a/".repeat(500) + "..",
                "-rf",
                "*",
                "$(id)",
                "|id",
                "con",
                "nul")) {
            plain(all, "path trick " + (trick.length() > 30 ? trick.length() + " long" : trick), trick);
        }
        IntStream.of(1, 7, 8, 10, 13, 27, 31, 127)
                .forEach(control -> all.add(new OddText(
                        "control character " + control,
                        "a\\u" + String.format(Locale.ROOT, "%04x", control),
                        "a" + (char) control)));
        all.add(new OddText("NUL", "a\\u0000b", null));
        all.add(new OddText("bare NUL", "a\0b", null));
        all.add(new OddText("bare line break", "a\nb", null));
        all.add(new OddText("lone high surrogate", "a\\ud800", null));
        all.add(new OddText("lone low surrogate", "\\udc00a", null));
        all.add(new OddText("surrogates the wrong way round", "\\udc00\\ud800", null));
        all.add(new OddText("surrogate in UTF-8", "a\u00ED\u00A0\u0080", null));
        all.add(new OddText("overlong slash", "..\u00C0\u00AF", null));
        all.add(new OddText("overlong dot", "\u00E0\u0080\u00AE", null));
        all.add(new OddText("beyond Unicode", "\u00F4\u0090\u0080\u0080", null));
        all.add(new OddText("cut off UTF-8", "\u00F0\u009F\u0098", null));
        all.add(new OddText("never in UTF-8", "\u00FF\u00FE", null));
        all.add(new OddText("bad escape", "\\x41", null));
        all.add(new OddText("cut off escape", "\\u12", null));
        return List.copyOf(all);
    }

    private static void plain(List<OddText> all, String what, String text) {
        var json = utf8(text).replace("\\", "\\\\").replace("\"", "\\\"");
        all.add(new OddText(what, json, text));
    }
}
