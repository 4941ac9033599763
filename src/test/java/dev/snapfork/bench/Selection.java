package dev.snapfork.bench;

import java.util.List;

/**
 * Which rows are to be measured.
 *
 * @param wanted rows' ids, or beginnings of them up to a slash; empty for all
 */
record Selection(List<String> wanted) {
    Selection {
        wanted = List.copyOf(wanted);
    }

    /** Whether what has this id is wanted, or a part of it is, or the whole that it is a part of. */
    boolean picks(String id) {
        return wanted.isEmpty() || wanted.stream().anyMatch(it -> isWithin(id, it) || isWithin(it, id));
    }

    /** What was wanted, and is none of these ids and no beginning of them. */
    List<String> missingAmong(List<String> ids) {
        return wanted.stream()
                .filter(it -> ids.stream().noneMatch(id -> isWithin(id, it)))
                .toList();
    }

    private static boolean isWithin(String id, String outer) {
        return id.equals(outer) || id.startsWith(outer + "/");
    }
}
