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

    boolean picks(String id) {
        return wanted.isEmpty() || wanted.stream().anyMatch(it -> isWithin(id, it));
    }

    /** Whether a table has a row that is wanted. */
    boolean touches(String table) {
        return wanted.isEmpty() || wanted.stream().anyMatch(it -> isWithin(it, table));
    }

    private static boolean isWithin(String id, String outer) {
        return id.equals(outer) || id.startsWith(outer + "/");
    }
}
