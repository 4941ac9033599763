package dev.snapfork.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.OperationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteTest {
    private static final InstanceId I = new InstanceId("i".repeat(24));

    @Test
    void servicesOnOneDataDirectoryAgreeHoweverTheyNameIt(@TempDir Path directory) throws IOException {
        var data = Files.createDirectory(directory.resolve("data"));
        var link = Files.createSymbolicLink(directory.resolve("link"), data);
        var other = Files.createDirectory(directory.resolve("other"));
        var runtime = directory.resolve("run");

        var site = Site.of(runtime, data);

        assertThat(Site.of(runtime, link)).isEqualTo(site);
        assertThat(Site.of(runtime, data.resolve("../data"))).isEqualTo(site);
        assertThat(Site.of(runtime, other).mark()).isNotEqualTo(site.mark());
        assertThat(Site.of(runtime, other).directory()).isNotEqualTo(site.directory());
        assertThat(site.mark()).matches("[0-9a-f]{8}");
    }

    @Test
    void itIsThisUsersAlone(@TempDir Path directory) throws IOException {
        var site = Site.of(directory.resolve("run"), directory);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(site.directory())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("run"))))
                .isEqualTo("rwx------");
    }

    @Test
    void whereAnotherUserRulesNoMachineIsRun(@TempDir Path directory) throws IOException {
        var real = Files.createDirectory(directory.resolve("real"));
        var link = Files.createSymbolicLink(directory.resolve("link"), real);

        assertThatThrownBy(() -> Site.of(link, directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("runtime-dir");
    }

    @Test
    void eachInstanceHasAPlaceAndALabelOfItsOwn(@TempDir Path directory) throws IOException {
        var site = Site.of(directory.resolve("run"), directory);
        var operation = new OperationId("o".repeat(24));

        assertThat(site.home(I, operation, directory))
                .isEqualTo(new MachineHome(
                        directory,
                        site.directory().resolve(I.value()),
                        site.mark() + "/" + I.value() + "/" + operation.value()));
        assertThat(site.home(I, operation, directory).label()).startsWith(site.label(I));
    }

    @Test
    void whatAnInstanceLeftIsKnownUntilItIsForgotten(@TempDir Path directory) throws IOException {
        var site = Site.of(directory.resolve("run"), directory);
        assertThat(site.instances()).isEmpty();
        site.forget(I);

        Files.writeString(Files.createDirectory(site.runtime(I)).resolve("claim"), "1 2 3");
        Files.createDirectory(site.directory().resolve("no id"));
        Files.writeString(site.directory().resolve("admission.lock"), "");

        assertThat(site.instances()).containsExactly(I);
        assertThat(site.knows(I)).isTrue();
        site.forget(I);
        assertThat(site.instances()).isEmpty();
        assertThat(site.knows(I)).isFalse();
    }
}
