package dev.snapfork.chaos;

import dev.snapfork.local.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Runs of any length from the command line: {@code --minutes N --seed S --home DIRECTORY}, or {@code --outages}. */
final class ChaosMain {
    private ChaosMain() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var minutes = Long.parseLong(option(arguments, "--minutes", "10"));
        var seed = Long.parseLong(option(
                arguments, "--seed", Long.toString(RandomGenerator.getDefault().nextInt(1_000_000))));
        var home = Files.createTempDirectory(
                Files.createDirectories(Path.of(option(arguments, "--home", "target/chaos"))), "run-");
        var outages = Arrays.asList(arguments).contains("--outages");
        System.out.printf("seed %d, %s, in %s%n", seed, outages ? "outages" : minutes + " minutes", home);
        var report = outages
                ? Chaos.outages(home, Duration.ofSeconds(60), seed)
                : Chaos.kills(home, Duration.ofMinutes(minutes), seed);
        System.out.printf(
                "%n%s%n%d kills, %d violations%n",
                report.table(), report.kills(), report.violations().size());
        report.violations().forEach(System.out::println);
        if (!report.violations().isEmpty()) {
            System.out.println("kept: " + home);
            System.exit(1);
        }
        Trees.delete(home);
        System.exit(0);
    }

    private static String option(String[] arguments, String name, String otherwise) {
        for (var i = 0; i < arguments.length; i++) {
            if (arguments[i].equals(name) && i + 1 < arguments.length) {
                return arguments[i + 1];
            }
        }
        return otherwise;
    }
}
