package dev.snapfork.hypervisor.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.guest.Console;
import dev.snapfork.guest.ExampleGuest;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.MachineStatus;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.Vmm;
import dev.snapfork.hypervisor.VmmContract;
import dev.snapfork.hypervisor.VmmFixture;
import dev.snapfork.instance.Hypervisor;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Real QEMU, without KVM, and a guest that answers on its console. */
class QemuVmmTest {
    private static final Duration BOOT = Duration.ofSeconds(90);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(20);

    @Nested
    class Q35 extends QemuContract {
        Q35() {
            super(Hypervisor.QEMU);
        }
    }

    @Nested
    class Microvm extends QemuContract {
        Microvm() {
            super(Hypervisor.QEMU_MICROVM);
        }
    }

    private abstract static class QemuContract extends VmmContract {
        private final Hypervisor hypervisor;

        QemuContract(Hypervisor hypervisor) {
            this.hypervisor = hypervisor;
        }

        @Override
        protected Drivers install(Path installed) throws IOException {
            var guest = ExampleGuest.require();
            ExampleGuest.requireTool("qemu-system-x86_64", "qemu-system-x86");
            return new Installation(hypervisor, guest, installed.resolve("nowhere"));
        }

        @Override
        protected String stateFile() {
            return QemuVmm.STATE;
        }

        @Override
        protected void awaitGuest(RunningMachine booted) throws Exception {
            console(booted, BOOT).close();
        }

        @Override
        protected void letWork(RunningMachine running) throws Exception {
            try (var console = console(running, ANSWER)) {
                assertThat(console.ask("set who one", ANSWER)).isNotNull();
            }
        }

        @Test
        void aTransferThatNobodyReadsDoesNotKeepAMachineFromBeingSaved() throws Exception {
            var machine = fork("machine");

            try (var nobody = transferToNobody(machine)) {
                assertThat(nobody.isOpen()).isTrue();
                assertThat(memory(machine, "kept"))
                        .hasSameBinaryContentAs(saved().memory().file());
            }
        }

        @Test
        void aTransferThatNobodyReadsDoesNotKeepAMachineFromGoingOn() throws Exception {
            var machine = fork("machine");

            try (var nobody = transferToNobody(machine)) {
                assertThat(nobody.isOpen()).isTrue();
                life().resume(machine);
                assertThat(vmm().status(machine)).isEqualTo(MachineStatus.RUNNING);
            }
        }

        /** As a save leaves it whose service was killed: the memory is in the stream, so that more is sent than a socket holds. */
        private static ServerSocketChannel transferToNobody(RunningMachine machine) throws Exception {
            var path = machine.home().runtime().resolve("nobody.sock");
            var nobody = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
            try (var qmp = Qmp.open(machine.home(), LIMIT)) {
                qmp.ignoreShared(false);
                qmp.execute("migrate", Qmp.arguments().put("uri", "unix:" + path));
                var deadline = Deadline.in(LIMIT, "beginning of a transfer");
                while (!qmp.execute("query-migrate").path("status").asText().equals("active")) {
                    deadline.requireTime();
                    Thread.sleep(1);
                }
            }
            return nobody;
        }

        private static Console console(RunningMachine machine, Duration limit) throws Exception {
            return Console.connect(machine.home().runtime().resolve(CommandLine.CONSOLE_SOCKET), limit);
        }
    }

    private record Installation(Hypervisor hypervisor, ExampleGuest guest, Path nowhere) implements VmmFixture.Drivers {
        private static final long MEMORY = 128L << 20;

        private Vmm driver(String binary) {
            return new QemuVmm(
                    hypervisor,
                    new QemuConfig(binary, QemuConfig.Accelerator.TCG, LIMIT, Duration.ofSeconds(10), LIMIT));
        }

        @Override
        public Vmm driver() {
            return driver("qemu-system-x86_64");
        }

        @Override
        public Vmm withoutMonitor() {
            return driver(nowhere.toString());
        }

        /** Whoever stands still does not even greet, for which nobody waits long. */
        @Override
        public Vmm impatient() {
            return driver();
        }

        @Override
        public MachineSpec spec() {
            return new MachineSpec(
                    hypervisor,
                    1,
                    MEMORY,
                    new MachineSpec.Kernel(guest.kernel(), guest.initrd(), guest.commandLine()),
                    List.of(new MachineSpec.Disk("root.raw", MachineSpec.Disk.Format.RAW, false)),
                    "52:54:00:00:00:01",
                    Given.GENERATION);
        }

        @Override
        public Path disk() {
            return guest.rootfs();
        }
    }
}
