package dev.snapfork.hypervisor.conformance;

import dev.snapfork.hypervisor.Lifecycle;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.Vmm;
import dev.snapfork.hypervisor.VmmContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The port's contract, with a stand-in for the monitor. Its guests write to their memory as soon as they go on. */
abstract class StandInContract extends VmmContract {
    private final StandIn standIn;
    private @Nullable Program program;

    StandInContract(StandIn standIn) {
        this.standIn = standIn;
    }

    @Override
    protected Drivers install(Path installed) throws IOException {
        var installation = standIn.install(installed);
        program = installation;
        var driver = standIn.driver(installation.binary());
        var spec = new Lifecycle(driver, installed).spec("52:54:00:00:00:01");
        var disk = Files.writeString(installed.resolve("disk"), "a disk");
        return new Installed(standIn, installation.binary(), spec, disk);
    }

    @AfterEach
    void nothingWasAgainstTheSpecification() throws IOException {
        Objects.requireNonNull(program).reset();
    }

    @Override
    protected String stateFile() {
        return standIn.stateFile();
    }

    private record Installed(StandIn standIn, Path binary, MachineSpec spec, Path disk) implements Drivers {
        @Override
        public Vmm driver() {
            return standIn.driver(binary);
        }

        @Override
        public Vmm withoutMonitor() {
            return standIn.driver(binary.resolveSibling("nowhere"));
        }

        @Override
        public Vmm impatient() {
            return standIn.impatient(binary);
        }
    }
}
