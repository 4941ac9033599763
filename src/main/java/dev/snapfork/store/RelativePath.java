package dev.snapfork.store;

import java.util.Optional;

/** The rule for relative paths that come from outside: they stay below the directory that they are resolved against. */
final class RelativePath {
    private RelativePath() {}

    /** What is wrong with the path; empty if it names something below, by plain element names alone. */
    static Optional<String> problem(String path) {
        if (path.isEmpty()) {
            return Optional.of("is empty");
        }
        if (path.startsWith("/")) {
            return Optional.of("is absolute");
        }
        if (path.indexOf('\0') >= 0) {
            return Optional.of("contains a NUL character");
        }
        for (var element : path.split("/", -1)) {
            if (element.isEmpty() || element.equals(".") || element.equals("..")) {
                return Optional.of("has an element that is empty, \".\" or \"..\"");
            }
        }
        return Optional.empty();
    }

    /** @throws IllegalArgumentException if the path could lead elsewhere */
    static void require(String path) {
        problem(path).ifPresent(problem -> {
            throw new IllegalArgumentException("path " + problem);
        });
    }
}
