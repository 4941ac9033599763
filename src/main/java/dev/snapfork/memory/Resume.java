package dev.snapfork.memory;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * How a compression that was broken off goes on where it was. Beside the target grows a journal that says how far the target
 * is on stable storage; the same call made again reads it. One that another run still holds, that is damaged, or that
 * tells of another format or length is replaced, and the compression starts over.
 *
 * <p>Whoever calls vouches that the raw file is the one of the earlier run.
 *
 * @param journal on a filesystem with file locks; left behind by success, for the target may yet have to be made again
 * @param keep asked after a failure or cancellation: whether target and journal stay for a later run; else both are removed
 * @param resumed hears once how far the earlier run had come, if this one goes on from there
 */
public record Resume(Path journal, BooleanSupplier keep, Progress resumed) {}
