package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a directory entry is, links not followed. */
enum FileKind {
    DIRECTORY,
    FILE,
    LINK,
    SOCKET,
    /** A named pipe or a device: it has no content that could be kept. */
    SPECIAL;

    private static final int TYPE_MASK = 0xF000;

    static FileKind of(Path path) throws IOException {
        return switch ((Integer) Files.getAttribute(path, "unix:mode", NOFOLLOW_LINKS) & TYPE_MASK) {
            case 0x4000 -> DIRECTORY;
            case 0x8000 -> FILE;
            case 0xA000 -> LINK;
            case 0xC000 -> SOCKET;
            default -> SPECIAL;
        };
    }
}
