package dev.snapfork.hypervisor.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.file.SparseFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageFileTest {
    private static final int PAGE = RamStream.PAGE_BYTES;

    private Path file = Path.of("");

    @BeforeEach
    void place(@TempDir Path directory) {
        file = directory.resolve("memory");
    }

    @Test
    void pagesInAnyOrderAndAgainAreAsTheyCameLast() throws IOException {
        var random = new Random(11);
        var pages = 700;
        var expected = new byte[pages * PAGE];
        try (var memory = new PageFile(file)) {
            memory.size(expected.length);
            var next = 0;
            for (var i = 0; i < 3000; i++) {
                // mostly one after the other, as QEMU sends them
                next = random.nextInt(10) == 0 ? random.nextInt(pages) : (next + 1) % pages;
                var content = new byte[PAGE];
                if (random.nextInt(4) == 0) {
                    memory.zeros((long) next * PAGE);
                } else {
                    Arrays.fill(content, (byte) (1 + random.nextInt(100)));
                    memory.page((long) next * PAGE, content);
                }
                System.arraycopy(content, 0, expected, next * PAGE, PAGE);
            }
            memory.complete();
        }

        assertThat(Files.readAllBytes(file)).isEqualTo(expected);
    }

    @Test
    void zerosAreAHole() throws IOException {
        var size = 64L << 20;
        try (var memory = new PageFile(file)) {
            memory.size(size);
            memory.page(0, new byte[PAGE]);
            for (var at = (long) PAGE; at < size; at += PAGE) {
                memory.zeros(at);
            }
            memory.complete();
        }

        assertThat(Files.size(file)).isEqualTo(size);
        assertThat(SparseFile.allocatedBytes(file)).isLessThan(1 << 20);
    }

    @Test
    void aPageHasToLieInsideOfAMemoryWhoseSizeIsKnown() throws IOException {
        try (var memory = new PageFile(file)) {
            assertThatThrownBy(memory::complete).isInstanceOf(IOException.class).hasMessageContaining("no memory");
            assertThatThrownBy(() -> memory.zeros(0)).isInstanceOf(IOException.class);
            memory.size(2 * PAGE);
            for (var outside : new long[] {-PAGE, PAGE + 1, 2 * PAGE, Long.MAX_VALUE & -PAGE, Long.MIN_VALUE}) {
                assertThatThrownBy(() -> memory.page(outside, new byte[PAGE]))
                        .as("at %d", outside)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("outside of the memory");
            }
        }
    }

    @Test
    void whatIsThereIsNotOverwritten() throws IOException {
        Files.writeString(file, "another's");

        assertThatThrownBy(() -> new PageFile(file)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("another's");
    }
}
