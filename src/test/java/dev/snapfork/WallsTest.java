package dev.snapfork;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.snapfork.platform.Scope;
import jakarta.ws.rs.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which package may know which other. */
class WallsTest {
    private static final String ROOT = "dev.snapfork.";
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.snapfork");

    private static final Set<String> VOCABULARY = Set.of("operation", "health", "instance", "snapshot");
    private static final Set<String> STAGES = Set.of("rest", "query", "worker", "projection", "schedule");

    /** The packages of the project that each package may use, beside itself. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("operation", Set.of()),
            Map.entry("health", Set.of()),
            Map.entry("instance", Set.of("operation", "health")),
            Map.entry("snapshot", Set.of("instance", "operation", "health")),
            Map.entry("log", Set.of()),
            Map.entry("fault", Set.of()),
            Map.entry("file", Set.of("fault")),
            Map.entry("memory", Set.of("file", "fault")),
            Map.entry("store", withVocabulary("file", "fault")),
            Map.entry("cache", withVocabulary("file")),
            Map.entry("hypervisor", withVocabulary("file", "fault")),
            Map.entry("hypervisor.process", Set.of("hypervisor", "instance")),
            Map.entry("hypervisor.qemu", withVocabulary("file", "hypervisor")),
            Map.entry("machine", withVocabulary("hypervisor", "file")),
            Map.entry("guest", withVocabulary()),
            Map.entry("hypervisor.http", Set.of("hypervisor", "instance")),
            Map.entry("hypervisor.cloudhypervisor", Set.of("hypervisor", "instance", "file")),
            Map.entry("hypervisor.firecracker", Set.of("hypervisor", "instance", "file")),
            Map.entry("trace", Set.of()),
            Map.entry("command", withVocabulary("log", "trace")),
            Map.entry("event", withVocabulary("log", "trace")),
            Map.entry("deadletter", withVocabulary("log")),
            Map.entry("view", withVocabulary("log", "deadletter", "fault")),
            Map.entry("platform", withVocabulary("log", "fault", "trace")),
            Map.entry("rest", withVocabulary("log", "command", "event", "deadletter", "view", "platform", "trace")),
            Map.entry("query", withVocabulary("log", "event", "view", "platform")),
            Map.entry(
                    "worker",
                    withVocabulary(
                            "log",
                            "command",
                            "event",
                            "deadletter",
                            "view",
                            "store",
                            "memory",
                            "cache",
                            "hypervisor",
                            "machine",
                            "guest",
                            "file",
                            "fault",
                            "platform",
                            "trace")),
            Map.entry(
                    "projection",
                    withVocabulary("log", "command", "event", "deadletter", "view", "fault", "platform", "trace")),
            Map.entry("schedule", withVocabulary("log", "command", "platform")));

    private static Set<String> withVocabulary(String... others) {
        return Stream.concat(VOCABULARY.stream(), Stream.of(others)).collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> mayUse(String name) {
        return MAY_USE.getOrDefault(name, Set.of());
    }

    private static String[] packages(Set<String> names) {
        return names.stream().map(name -> ROOT + name + "..").toArray(String[]::new);
    }

    static Stream<String> packagesWithWalls() {
        return MAY_USE.keySet().stream();
    }

    @Test
    void everyPackageHasWalls() {
        var found = MAIN.stream()
                .map(type -> type.getPackageName())
                .filter(name -> name.startsWith(ROOT))
                .map(name -> name.substring(ROOT.length()))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(MAY_USE.keySet()).containsExactlyInAnyOrderElementsOf(found);
    }

    @ParameterizedTest
    @MethodSource("packagesWithWalls")
    void aPackageUsesOnlyThoseItMay(String name) {
        var allowed = new TreeSet<>(mayUse(name));
        allowed.add(name);

        noClasses()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.snapfork..").and(not(resideInAnyPackage(packages(allowed)))))
                .check(MAIN);
    }

    @Test
    void stagesDoNotKnowEachOther() {
        for (var stage : STAGES) {
            var others = new TreeSet<>(STAGES);
            others.remove(stage);
            assertThat(mayUse(stage)).doesNotContainAnyElementsOf(others);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloudhypervisor", "firecracker"})
    void driversDoNotKnowEachOther(String driver) {
        var own = "hypervisor." + driver;

        onlyUses(
                own,
                "com.fasterxml.jackson..",
                ROOT + "hypervisor",
                ROOT + "hypervisor.http",
                ROOT + "hypervisor.process",
                ROOT + "instance",
                ROOT + "file");
    }

    @Test
    void thePortKnowsNoDriver() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "hypervisor")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "hypervisor.*..")
                .check(MAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"operation", "health", "instance", "snapshot"})
    void theVocabularyIsTheJdkAndTheNamesOfJson(String name) {
        onlyUses(
                name,
                Stream.concat(Stream.of("com.fasterxml.jackson.annotation.."), Stream.of(packages(mayUse(name))))
                        .toArray(String[]::new));
    }

    @Test
    void theCodecIsTheJdkAndTheTwoLibraries() {
        onlyUses("memory", "com.github.luben.zstd..", "net.jpountz..", ROOT + "file..", ROOT + "fault..");
    }

    @Test
    void filesAreTheJdkAndAHash() {
        onlyUses("file", "net.jpountz.xxhash..", ROOT + "fault..");
    }

    @Test
    void faultsAreTheJdk() {
        onlyUses("fault");
    }

    @Test
    void theCacheIsTheJdk() {
        onlyUses("cache", Stream.of(packages(mayUse("cache"))).toArray(String[]::new));
    }

    @Test
    void theGuestAgentsHostIsTheJdk() {
        onlyUses("guest", Stream.of(packages(mayUse("guest"))).toArray(String[]::new));
    }

    @Test
    void theStoreIsTheJdkAndJson() {
        onlyUses(
                "store",
                Stream.concat(Stream.of("com.fasterxml.jackson.."), Stream.of(packages(mayUse("store"))))
                        .toArray(String[]::new));
    }

    private static void onlyUses(String name, String... others) {
        var allowed =
                Stream.concat(Stream.of("java..", "org.jspecify.annotations..", ROOT + name + ".."), Stream.of(others));

        classes()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new))
                .check(MAIN);
    }

    @Test
    void everyRouteSaysWhichScopeItAsksFor() {
        methods()
                .that()
                .areMetaAnnotatedWith(HttpMethod.class)
                .should()
                .beAnnotatedWith(Scope.class)
                .check(MAIN);
    }

    @Test
    void handlersAreNobodysBusinessButTheWorkers() {
        classes()
                .that()
                .resideInAPackage(ROOT + "worker..")
                .and()
                .areTopLevelClasses()
                .should()
                .notBePublic()
                .check(MAIN);
    }

    @Test
    void everyPackageIsNullMarkedAndSaysWhatBelongsInIt() {
        for (var name : List.copyOf(MAY_USE.keySet())) {
            assertThat(MAIN.getPackage("dev.snapfork").getPackage(name).isAnnotatedWith(NullMarked.class))
                    .as(name)
                    .isTrue();
        }
    }
}
