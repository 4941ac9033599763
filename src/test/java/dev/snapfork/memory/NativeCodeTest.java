package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.file.TreeDigest;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged service has a class loader of its own, under which lz4-java does not look for its native code by itself. */
class NativeCodeTest {
    @ParameterizedTest
    @CsvSource({
        "dev.snapfork.memory.Lz4Frames, LZ4, LZ4Factory:JNI",
        "dev.snapfork.memory.Lz4Frames, XXH, XXHashFactory:JNI",
        "dev.snapfork.file.TreeDigest, XXH, XXHashFactory:JNI"
    })
    void theNativeCodeIsUsedUnderAnyClassLoader(String type, String field, String library) throws Exception {
        var places = Stream.of(MemoryCodec.class, TreeDigest.class, LZ4Factory.class)
                .map(known -> known.getProtectionDomain().getCodeSource().getLocation())
                .distinct()
                .toArray(URL[]::new);
        try (var loader = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
            var used = Class.forName(type, true, loader).getDeclaredField(field);
            used.setAccessible(true);

            assertThat(used.get(null)).hasToString(library);
        }
    }
}
