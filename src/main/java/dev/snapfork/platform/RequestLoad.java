package dev.snapfork.platform;

/** The requests that a process has taken on and not answered yet, and what their bodies may take of its memory. Thread-safe. */
final class RequestLoad {
    private final int maxRequests;
    private final long maxBodyBytes;
    private int requests;
    private long bodyBytes;

    /** @param maxBodyBytes of all bodies together */
    RequestLoad(int maxRequests, long maxBodyBytes) {
        this.maxRequests = maxRequests;
        this.maxBodyBytes = maxBodyBytes;
    }

    /** Takes a request on if there is room; then {@link #leave} is owed. A body alone is taken however large it is. */
    synchronized boolean enter(long body) {
        if (requests >= maxRequests || (bodyBytes > 0 && body > 0 && bodyBytes + body > maxBodyBytes)) {
            return false;
        }
        requests++;
        bodyBytes += body;
        return true;
    }

    synchronized void leave(long body) {
        requests--;
        bodyBytes -= body;
    }
}
