package dev.snapfork.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;

/**
 * Which environment tests get: the system property {@code environment.kind} or else the variable
 * {@code SNAPFORK_TEST_ENVIRONMENT}, one of {@code embedded}, {@code containers} and {@code auto}, the default.
 */
public final class Environments {
    private static final Duration PROBE = Duration.ofSeconds(20);

    private Environments() {}

    /**
     * Starts an environment of the chosen kind. With {@code auto} that is containers when a Docker engine answers and has or
     * gets the images, else the local stack, with one line on why.
     *
     * @throws IOException when it does not start
     */
    public static Environment choose() throws IOException {
        return switch (kind()) {
            case "embedded" -> EmbeddedEnvironment.start();
            case "containers" -> ContainerEnvironment.start();
            case "auto" -> containersOrEmbedded();
            case String other ->
                throw new IllegalArgumentException(
                        "SNAPFORK_TEST_ENVIRONMENT is embedded, containers or auto, not " + other);
        };
    }

    private static String kind() {
        String variable = System.getenv().getOrDefault("SNAPFORK_TEST_ENVIRONMENT", "auto");
        return System.getProperty("environment.kind", variable).toLowerCase(Locale.ROOT);
    }

    private static Environment containersOrEmbedded() throws IOException {
        if (!dockerAnswers()) {
            say("no Docker engine answers");
            return EmbeddedEnvironment.start();
        }
        try {
            return ContainerEnvironment.start();
        } catch (RuntimeException e) {
            say("the containers do not start: " + e.getMessage());
            return EmbeddedEnvironment.start();
        }
    }

    private static boolean dockerAnswers() {
        if (!dockerMayBeThere()) {
            return false;
        }
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .name("docker-probe")
                .start(() -> answer.complete(DockerClientFactory.instance().isDockerAvailable()));
        try {
            return answer.get(PROBE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Asking an engine takes many seconds where there is none, so look for signs of one first. */
    private static boolean dockerMayBeThere() {
        Path home = Path.of(System.getProperty("user.home"));
        return System.getenv("DOCKER_HOST") != null
                || Stream.of(
                                Path.of("/var/run/docker.sock"),
                                Path.of(System.getenv().getOrDefault("XDG_RUNTIME_DIR", "/run"), "docker.sock"),
                                home.resolve(".docker").resolve("run").resolve("docker.sock"),
                                home.resolve(".testcontainers.properties"))
                        .anyMatch(Files::exists);
    }

    @SuppressWarnings("SystemOut")
    private static void say(String reason) {
        System.err.println("Tests run on the embedded stack: " + reason + ".");
    }
}
