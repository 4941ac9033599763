package dev.snapfork.view;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a list that is ordered from the newest to the oldest.
 *
 * @param next where the next page starts; empty on the last one
 */
public record Page<T>(List<T> items, Optional<Cursor> next) {

    /** How much of a list is asked for; a null limit means all of it. */
    public record Request(@Nullable Integer limit, @Nullable Cursor after) {
        public static final int MAX_LIMIT = 1000;

        public Request {
            if (limit != null && (limit < 1 || limit > MAX_LIMIT)) {
                throw new IllegalArgumentException("limit must be between 1 and " + MAX_LIMIT + ", got " + limit);
            }
        }
    }

    /** The last row of a page; opaque to clients, and stable while rows come and go. */
    public record Cursor(Instant createdAt, String id) {
        private static final int TIME_BYTES = Long.BYTES + Integer.BYTES;
        private static final int MAX_BYTES = 64;

        /** @throws IllegalArgumentException if the text was not made by {@link #toString} */
        public static Cursor parse(String text) {
            try {
                var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
                if (bytes.remaining() <= TIME_BYTES || bytes.remaining() > MAX_BYTES) {
                    throw new IllegalArgumentException("wrong length");
                }
                var createdAt = Instant.ofEpochSecond(bytes.getLong(), bytes.getInt());
                var id = new byte[bytes.remaining()];
                bytes.get(id);
                var cursor = new Cursor(createdAt, new String(id, java.nio.charset.StandardCharsets.US_ASCII));
                if (!dev.snapfork.operation.Cuid.isValid(cursor.id)) {
                    throw new IllegalArgumentException("no id in it");
                }
                return cursor;
            } catch (IllegalArgumentException | java.time.DateTimeException e) {
                throw new IllegalArgumentException(
                        "cursor is none that a Link header gave: leave it out to start over", e);
            }
        }

        @Override
        public String toString() {
            var ascii = id.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(ByteBuffer.allocate(TIME_BYTES + ascii.length)
                            .putLong(createdAt.getEpochSecond())
                            .putInt(createdAt.getNano())
                            .put(ascii)
                            .array());
        }
    }

    /** Cuts a page out of rows that were fetched one past the limit. */
    static <R, T> Page<T> of(
            List<R> rows,
            @Nullable Integer limit,
            java.util.function.Function<R, Cursor> position,
            java.util.function.Function<R, T> item) {
        int most = limit == null ? Integer.MAX_VALUE : limit;
        var more = rows.size() > most;
        var shown = more ? rows.subList(0, most) : rows;
        return new Page<>(
                shown.stream().map(item).toList(),
                more ? Optional.of(position.apply(shown.getLast())) : Optional.empty());
    }
}
