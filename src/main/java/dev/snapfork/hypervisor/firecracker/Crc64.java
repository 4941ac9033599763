package dev.snapfork.hypervisor.firecracker;

/** The checksum at the end of a state: CRC-64 with Jones' polynomial, reflected, beginning with zero. */
final class Crc64 {
    private static final long POLYNOMIAL = 0x95ac9329ac4bc9b5L;
    private static final long[] TABLE = table();

    private Crc64() {}

    /** Of all bytes but the last {@code without}. */
    static long of(byte[] bytes, int without) {
        var crc = 0L;
        for (var at = 0; at < bytes.length - without; at++) {
            crc = crc >>> Byte.SIZE ^ TABLE[(int) (crc ^ bytes[at]) & 0xff];
        }
        return crc;
    }

    private static long[] table() {
        var table = new long[1 << Byte.SIZE];
        for (var index = 0; index < table.length; index++) {
            var value = (long) index;
            for (var bit = 0; bit < Byte.SIZE; bit++) {
                value = (value & 1) == 0 ? value >>> 1 : value >>> 1 ^ POLYNOMIAL;
            }
            table[index] = value;
        }
        return table;
    }
}
