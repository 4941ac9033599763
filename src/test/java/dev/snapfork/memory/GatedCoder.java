package dev.snapfork.memory;

import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Makes what another coder makes, but lets it begin with so many frames only until it is told to go on. */
final class GatedCoder implements FrameCoder {
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final FrameCoder coder;
    private int begun;
    private int admitted = Integer.MAX_VALUE;
    private int atTheGate;
    private boolean oneStays;

    GatedCoder(FrameCoder coder) {
        this.coder = coder;
    }

    /** Frames of zeros do not count. */
    synchronized void closeGateAfter(int frames) {
        admitted = frames;
    }

    /** From now on only the first frame that comes to the gate stays there. */
    synchronized void admitOneAtTheGate() {
        oneStays = true;
    }

    synchronized void openGate() {
        admitted = Integer.MAX_VALUE;
        notifyAll();
    }

    synchronized int begun() {
        return begun;
    }

    synchronized void awaitSomebodyAtTheGate() {
        awaitUntil(() -> atTheGate > 0);
    }

    private synchronized void pass() {
        begun++;
        if (begun <= admitted || (oneStays && atTheGate > 0)) {
            return;
        }
        atTheGate++;
        notifyAll();
        int number = begun;
        awaitUntil(() -> number <= admitted);
    }

    private synchronized void awaitUntil(BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.getAsBoolean()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new IllegalStateException("waited too long");
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public int bound(int rawBytes) {
        return coder.bound(rawBytes);
    }

    @Override
    public int encode(Bench bench, int level, ByteBuffer source, int rawBytes, long hash, ByteBuffer target)
            throws IOException {
        if (rawBytes > 0 && hash != TreeDigest.hash(ByteBuffer.allocate(rawBytes), 0, rawBytes)) {
            pass();
        }
        return coder.encode(bench, level, source, rawBytes, hash, target);
    }

    @Override
    public boolean decode(Bench bench, ByteBuffer source, int offset, int length, ByteBuffer target, int rawBytes) {
        return coder.decode(bench, source, offset, length, target, rawBytes);
    }

    @Override
    public boolean intact(ByteBuffer source, int offset, int length, ByteBuffer content, int rawBytes, long hash) {
        return coder.intact(source, offset, length, content, rawBytes, hash);
    }
}
