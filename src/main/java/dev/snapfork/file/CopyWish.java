package dev.snapfork.file;

/** What a copy shall do beside copying. */
public enum CopyWish {
    /** Tells the digest of what was copied; holes cost nothing. */
    DIGEST,
    /** Starts writing to the disk while copying, so that syncing the copy afterwards has little left to wait for. */
    WRITE_BACK
}
