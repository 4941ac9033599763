package dev.snapfork.bench;

import dev.snapfork.local.LaunchException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What was asked for on the command line.
 *
 * @param project the project's directory
 * @param runs how often each contender is measured, 5 or more
 * @param data where the images of guests are, compressed
 * @param file a memory file to use instead of those
 * @param work where to put what the run needs, if not below {@code target}
 */
record Options(Path project, int runs, Selection only, Path data, Optional<Path> file, Path json, Optional<Path> work) {
    private static final int FEWEST_RUNS = 5;

    static Options defaults(Path project) {
        return new Options(
                project,
                FEWEST_RUNS,
                new Selection(List.of()),
                project.resolve("../shared/data").normalize(),
                Optional.empty(),
                project.resolve("target/bench.json"),
                Optional.empty());
    }

    /**
     * Reads names and values by turns.
     *
     * @throws LaunchException when one is not understood
     */
    static Options parse(Path project, List<String> arguments) {
        var options = defaults(project);
        for (var i = 0; i < arguments.size(); i += 2) {
            var name = arguments.get(i);
            if (i + 1 == arguments.size()) {
                throw new LaunchException(name + " needs a value, or is not known: see -h.");
            }
            options = options.with(name, arguments.get(i + 1));
        }
        return options;
    }

    private Options with(String name, String value) {
        var path = Path.of(value).toAbsolutePath().normalize();
        return switch (name) {
            case "--runs" -> new Options(project, runs(value), only, data, file, json, work);
            case "--only" -> {
                var wanted = new Selection(List.of(value.split(",", -1)));
                yield new Options(project, runs, wanted, data, file, json, work);
            }
            case "--data" -> new Options(project, runs, only, path, file, json, work);
            case "--file" -> new Options(project, runs, only, data, Optional.of(path), json, work);
            case "--json" -> new Options(project, runs, only, data, file, path, work);
            case "--work" -> new Options(project, runs, only, data, file, json, Optional.of(path));
            default -> throw new LaunchException("There is no option " + name + ": see -h.");
        };
    }

    private static int runs(String value) {
        try {
            var runs = Integer.parseInt(value);
            if (runs >= FEWEST_RUNS) {
                return runs;
            }
        } catch (NumberFormatException e) {
            throw new LaunchException("--runs is not a number: " + value, e);
        }
        throw new LaunchException("--runs must be " + FEWEST_RUNS + " or more, got " + value + ".");
    }
}
