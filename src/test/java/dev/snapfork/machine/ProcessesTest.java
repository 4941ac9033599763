package dev.snapfork.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.operation.Cuid;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessesTest {
    private final String mark = "t" + Cuid.random(new Random());

    @Test
    void aProcessIsFoundByTheBeginningOfItsLabel() throws Exception {
        try (var one = new Sleeper(mark + "/a/1");
                var two = new Sleeper(mark + "/a/2");
                var other = new Sleeper(mark + "/b/1")) {
            assertThat(Processes.labelled(mark + "/a/"))
                    .containsExactlyInAnyOrder(
                            new Processes.Labelled(one.pid(), mark + "/a/1"),
                            new Processes.Labelled(two.pid(), mark + "/a/2"));
            assertThat(Processes.labelled(mark + "/b/")).hasSize(1);
            assertThat(Processes.labelled(mark + "/c/")).isEmpty();
            assertThat(other.lives()).isTrue();
        }
    }

    @Test
    void aVariableThatOnlyEndsLikeItIsNoLabel() throws Exception {
        var builder = new ProcessBuilder("sleep", "600");
        builder.environment().clear();
        builder.environment().put("X" + MachineHome.LABEL, mark);
        builder.environment().put("Y", MachineHome.LABEL + "=" + mark);
        var process = builder.start();
        try {
            assertThat(Processes.labelled(mark)).isEmpty();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void aLabelIsFoundWhereverItStands() throws Exception {
        var builder = new ProcessBuilder("sleep", "600");
        builder.environment().clear();
        builder.environment().put(MachineHome.LABEL, mark);
        var process = builder.start();
        try {
            // alone it is the first
            assertThat(Processes.labelled(mark)).containsExactly(new Processes.Labelled(process.pid(), mark));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatHasEndedIsNotFoundThoughNobodyFetchesIt() throws Exception {
        try (var sleeper = new Sleeper(mark)) {
            sleeper.end();

            assertThat(Processes.labelled(mark)).isEmpty();
        }
        // a shell that does not wait for its child keeps a zombie
        var shell =
                new ProcessBuilder("sh", "-c", MachineHome.LABEL + "=" + mark + " sleep 0 & exec sleep 600").start();
        try {
            TimeUnit.MILLISECONDS.sleep(300);
            assertThat(Processes.labelled(mark)).isEmpty();
        } finally {
            shell.destroyForcibly().waitFor();
        }
    }

    @Test
    void itIsEndedOnlyAsItWasFound() throws Exception {
        try (var sleeper = new Sleeper(mark + "/a")) {
            Processes.kill(new Processes.Labelled(sleeper.pid(), mark + "/b"));
            assertThat(sleeper.lives()).isTrue();

            var found = Processes.labelled(mark).getFirst();
            Processes.kill(found);
            assertThat(sleeper.lives()).isFalse();
            // has ended already
            Processes.kill(found);
        }
    }
}
