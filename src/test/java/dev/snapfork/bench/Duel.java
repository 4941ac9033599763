package dev.snapfork.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The peer and Snapfork at the same work. */
record Duel(Samples peer, Samples snapfork) {
    /** How many times the wall time the peer takes, by the medians. */
    double faster() {
        return peer.wall().median() / snapfork.wall().median();
    }

    /** How many times the CPU time the peer takes, by the medians. */
    double lessCpu() {
        return peer.cpu().median() / snapfork.cpu().median();
    }

    /** Peer, Snapfork, ratio; the same of the CPU; both spreads; and what else there is. */
    List<String> cells(String... more) {
        var own = Stream.of(
                Lab.cell(peer.wall().median(), 3),
                Lab.cell(snapfork.wall().median(), 3),
                Lab.times(faster()),
                Lab.cell(peer.cpu().median(), 3),
                Lab.cell(snapfork.cpu().median(), 3),
                Lab.times(lessCpu()),
                peer.wall().spread(),
                snapfork.wall().spread());
        return Stream.concat(own, Stream.of(more)).toList();
    }

    /** The headings of {@link #cells}. */
    static List<String> columns(String... more) {
        var own = Stream.of("peer s", "ours s", "faster", "peer cpu", "cpu", "less cpu", "peer spread", "spread");
        return Stream.concat(own, Stream.of(more)).toList();
    }

    /** For the report, with what else is to be said. */
    Map<String, Object> figures(Map<String, Object> more) {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("faster", faster());
        figures.put("less_cpu", lessCpu());
        figures.putAll(more);
        figures.put("peer", peer.figures());
        figures.put("snapfork", snapfork.figures());
        return figures;
    }
}
