package dev.snapfork.hypervisor.conformance;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that a device state is saved in: a number, the version, the devices, and a checksum that is computed bit by bit here. */
final class FakeState {
    private static final long MAGIC = 0x0710_1984_8664_0000L;

    private FakeState() {}

    static void write(Path file, String version, ObjectNode config) throws IOException {
        var devices = new JsonMapper().writeValueAsBytes(config.deepCopy().without("boot-source"));
        var name = version.getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(Long.BYTES + 1 + name.length + devices.length + Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(MAGIC)
                .put((byte) name.length)
                .put(name)
                .put(devices);
        bytes.putLong(checksum(bytes.array(), bytes.position()));
        Files.write(file, bytes.array());
    }

    static ObjectNode read(Path file, String version) throws IOException {
        var bytes = Files.readAllBytes(file);
        var in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        var end = bytes.length - Long.BYTES;
        if (in.getLong(end) != checksum(bytes, end)) {
            throw new IOException("CRC64 validation failed");
        }
        if (in.getLong() != MAGIC) {
            throw new IOException("Magic value does not match arch");
        }
        var name = new byte[in.get()];
        in.get(name);
        if (!new String(name, StandardCharsets.UTF_8).equals(version)) {
            throw new IOException("Invalid data version");
        }
        return (ObjectNode) new JsonMapper().readTree(bytes, in.position(), end - in.position());
    }

    static long checksum(byte[] bytes, int length) {
        var crc = 0L;
        for (var at = 0; at < length; at++) {
            crc ^= bytes[at] & 0xffL;
            for (var bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0x95ac9329ac4bc9b5L;
            }
        }
        return crc;
    }
}
