package dev.snapfork.bench;

import dev.snapfork.local.LaunchException;
import dev.snapfork.local.StopOrder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What every benchmark works with.
 *
 * @param work a directory of this run's own, deleted at its end
 * @param order takes what must be stopped, also when the run is broken off
 * @param progress is told what is about to be measured
 */
record Lab(Options options, Path work, Images images, StopOrder order, PrintStream progress) {
    /** Whether a row is wanted; says so when it is, since what follows takes its time. */
    boolean picks(String id) {
        var picked = options.only().picks(id);
        if (picked) {
            progress.println("measuring " + id + " ...");
        }
        return picked;
    }

    /**
     * The names of the images that some wanted row of a table is about.
     *
     * @throws LaunchException when there is none
     */
    List<String> imagesOf(Benchmark table) {
        var wanted = images.names().stream()
                .filter(image -> options.only().picks(table.name() + "/" + image))
                .toList();
        if (wanted.isEmpty()) {
            throw new LaunchException(
                    "What is wanted of " + table.name() + " is not about " + String.join(" or ", images.names()) + ".");
        }
        return wanted;
    }

    /** Each contender once for warming up, then as often as was asked for. */
    Race race() {
        return new Race(1, options.runs());
    }

    /** A new path in the work directory; nothing is there. */
    Path path(String name) throws IOException {
        var path = work.resolve(name);
        Files.deleteIfExists(path);
        return path;
    }

    static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** A cell with so many decimals. */
    static String cell(double figure, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", figure);
    }

    /** A cell of a ratio. */
    static String times(double ratio) {
        return cell(ratio, 2) + "x";
    }
}
