package dev.snapfork.worker;

import dev.snapfork.file.ContentDigest;
import dev.snapfork.file.TreeDigest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files that were found to be what they should be. Files of payloads are never changed in place, so one that has the same inode, size and
 * time of change as when it was read is not read again: a thousand forks of one snapshot read its memory once. What rots on the
 * disk meanwhile is the scrub's to find.
 */
@ApplicationScoped
class VerifiedFiles {
    private static final int REMEMBERED = 4096;

    private final Map<Map<String, Object>, ContentDigest> known =
            Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Map<String, Object>, ContentDigest> eldest) {
                    return size() > REMEMBERED;
                }
            });

    /** Whether the file's content has that digest. */
    boolean is(Path file, ContentDigest digest) throws IOException {
        var before = identity(file);
        var found = known.get(before);
        if (found == null) {
            found = TreeDigest.of(file);
            if (identity(file).equals(before)) {
                known.put(before, found);
            }
        }
        return digest.equals(found);
    }

    private static Map<String, Object> identity(Path file) throws IOException {
        return Map.copyOf(Files.readAttributes(file, "unix:ino,dev,size,ctime", LinkOption.NOFOLLOW_LINKS));
    }
}
