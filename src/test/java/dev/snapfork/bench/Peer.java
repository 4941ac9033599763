package dev.snapfork.bench;

import dev.snapfork.memory.Codec;
import dev.snapfork.memory.Format;
import java.nio.file.Path;

/** The command lines that hypeman compresses, decodes and copies memory with. */
final class Peer {
    private Peer() {}

    static Command compress(Format format, Path in, Path out) {
        var source = in.toString();
        var target = out.toString();
        return switch (format.codec()) {
            case ZSTD -> Command.of("zstd", "-q", "-f", "-" + format.level(), "-o", target, source);
            case LZ4 ->
                Command.of("lz4", "-q", "-f", format.level() == 0 ? "--fast=1" : "-" + format.level(), source, target);
        };
    }

    static Command decode(Codec codec, Path in, Path out) {
        var source = in.toString();
        var target = out.toString();
        return switch (codec) {
            case ZSTD -> Command.of("zstd", "-q", "-d", "-f", "-o", target, source);
            case LZ4 -> Command.of("lz4", "-q", "-d", "-f", source, target);
        };
    }

    static Command copy(Path in, Path out) {
        return Command.of("cp", "--sparse=always", in.toString(), out.toString());
    }

    /** Makes a file durable; the tools themselves do not. */
    static Command sync(Path file) {
        return Command.of("sync", file.toString());
    }
}
