package dev.snapfork.bench;

/** Fills one table. */
interface Benchmark {
    /** The first part of its rows' ids. */
    String name();

    /** Measures what was picked. Nothing that it made is left, whatever happens. */
    Table run(Lab lab) throws Exception;
}
