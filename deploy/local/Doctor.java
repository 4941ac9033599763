import java.util.ArrayList;
import java.util.List;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.Logger;

/** Runs all checks and prints what they found; see the script beside it. */
final class Doctor {
    private static final int WIDTH = 26;

    /** How bad it is. */
    enum Grade {
        OK,
        WARN,
        FAIL
    }

    /** What a check found, and what to do about it. */
    record Finding(Grade grade, String what, String text) {
        static Finding ok(String what, String text) {
            return new Finding(Grade.OK, what, text);
        }

        static Finding warn(String what, String text) {
            return new Finding(Grade.WARN, what, text);
        }

        static Finding fail(String what, String text) {
            return new Finding(Grade.FAIL, what, text);
        }
    }

    /** Finds out something; what it throws is a failure of its subject. */
    interface Check {
        List<Finding> look() throws Exception;
    }

    private final List<Finding> findings = new ArrayList<>();

    private Doctor() {}

    public static void main(String[] args) {
        Logger.getLogger("").setLevel(Level.OFF);
        var doctor = new Doctor();
        Settings settings;
        try {
            settings = new Settings();
        } catch (RuntimeException e) {
            // the library names the property, which is the variable in small letters with dots
            System.out.printf(
                    "%-5s %-" + WIDTH + "s %s%n",
                    Grade.FAIL,
                    "configuration",
                    "correct the variable: " + String.valueOf(e.getMessage()).strip().replace("\n", "; "));
            System.exit(1);
            return;
        }
        var host = new HostChecks(settings);
        doctor.run("JDK", host::jdk);
        doctor.run("clock", host::clock);
        doctor.run("data directory", host::disk);
        doctor.run("codec speed", host::codecs);
        doctor.run("hypervisors", new HypervisorChecks(settings)::look);
        doctor.run("Kafka", new KafkaChecks(settings)::look);
        doctor.run("PostgreSQL", new PostgresChecks(settings)::look);
        // clients leave threads behind that give up on their own
        System.exit(doctor.conclude());
    }

    private void run(String what, Check check) {
        List<Finding> found;
        try {
            found = check.look();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (Exception e) {
            found = List.of(Finding.fail(what, "could not be looked at: " + e));
        }
        for (var finding : found) {
            System.out.printf("%-5s %-" + WIDTH + "s %s%n", finding.grade(), finding.what(), finding.text());
        }
        findings.addAll(found);
    }

    private int conclude() {
        var failed = count(Grade.FAIL);
        System.out.printf(
                "%n%d checks: %d OK, %d WARN, %d FAIL%n",
                findings.size(), count(Grade.OK), count(Grade.WARN), failed);
        return failed == 0 ? 0 : 1;
    }

    private long count(Grade grade) {
        return findings.stream().filter(finding -> finding.grade() == grade).count();
    }
}
