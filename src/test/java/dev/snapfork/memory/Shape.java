package dev.snapfork.memory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Random;

/** Raw files to try the codec on, the same at every run. */
enum Shape {
    EMPTY(0),
    ONE_BYTE(1),
    ODD_LENGTH(3 * 4096 + 123),
    ONE_FRAME(1 << 20),
    ONE_BYTE_MORE_THAN_A_FRAME((1 << 20) + 1),
    ALL_HOLE(9 << 20),
    ENDS_IN_HOLE((5 << 20) + 77),
    ZEROS_THAT_ARE_DATA(3 << 20),
    RANDOM((2 << 20) + 5000),
    MIXED((10 << 20) + 4097);

    private static final int PAGE = 4096;

    private final int length;

    Shape(int length) {
        this.length = length;
    }

    /** Writes the file with its holes and returns its content. */
    byte[] write(Path path) throws IOException {
        byte[] content = new byte[length];
        Random random = new Random(name().length());
        boolean dense = this == ZEROS_THAT_ARE_DATA;
        for (int at = 0; at < length; at += PAGE) {
            fillPage(content, at, Math.min(PAGE, length - at), random);
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
            for (int at = 0; at < length; at += PAGE) {
                int size = Math.min(PAGE, length - at);
                if (dense || !isZero(content, at, size)) {
                    file.seek(at);
                    file.write(content, at, size);
                }
            }
            // Until written out, some file systems report more allocated than they keep.
            file.getFD().sync();
        }
        return content;
    }

    private void fillPage(byte[] content, int at, int size, Random random) {
        switch (this) {
            case EMPTY, ALL_HOLE, ZEROS_THAT_ARE_DATA -> {}
            case RANDOM -> noise(content, at, size, random);
            case ENDS_IN_HOLE -> {
                if (at < 3 << 20) {
                    text(content, at, size, random);
                }
            }
            case MIXED -> {
                switch (at < 3 << 20 ? random.nextInt(3) : (at >> 20) % 4) {
                    case 0 -> noise(content, at, size, random);
                    case 1 -> text(content, at, size, random);
                    default -> {}
                }
            }
            case ONE_BYTE, ODD_LENGTH, ONE_FRAME, ONE_BYTE_MORE_THAN_A_FRAME -> text(content, at, size, random);
        }
    }

    private static void noise(byte[] content, int at, int size, Random random) {
        byte[] page = new byte[size];
        random.nextBytes(page);
        System.arraycopy(page, 0, content, at, size);
    }

    private static void text(byte[] content, int at, int size, Random random) {
        for (int i = 0; i < size; i++) {
            content[at + i] = (byte) (i % 64 < 48 ? 'a' + i % 7 : 'A' + random.nextInt(16));
        }
    }

    private static boolean isZero(byte[] content, int at, int size) {
        for (int i = at; i < at + size; i++) {
            if (content[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
