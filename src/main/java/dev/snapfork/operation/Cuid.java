package dev.snapfork.operation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** The shape of every id in the service: 24 lowercase letters and digits, the first a letter (CUID2). */
public final class Cuid {
    private static final int LENGTH = 24;
    private static final Pattern SHAPE = Pattern.compile("[a-z0-9]{24}");
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LETTERS = 26;

    private Cuid() {}

    /** A new id; {@code random} must be a cryptographic source where ids are to be unguessable. */
    public static String random(RandomGenerator random) {
        var id = new StringBuilder(LENGTH);
        id.append(ALPHABET.charAt(random.nextInt(LETTERS)));
        while (id.length() < LENGTH) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    /** The id that follows from a seed: the same for the same seed, and as hard to guess as the seed is. */
    public static String derived(String seed) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(seed.getBytes(StandardCharsets.UTF_8));
            var id = new StringBuilder(LENGTH);
            id.append(ALPHABET.charAt(Byte.toUnsignedInt(hash[0]) % LETTERS));
            for (var i = 1; i < LENGTH; i++) {
                id.append(ALPHABET.charAt(Byte.toUnsignedInt(hash[i]) % ALPHABET.length()));
            }
            return id.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Whether the text may be used as an id, and so as one path element below the data directory. */
    public static boolean isValid(String text) {
        return SHAPE.matcher(text).matches();
    }

    /**
     * Returns the id unchanged.
     *
     * @throws IllegalArgumentException if it is not 24 lowercase letters and digits
     */
    public static String require(String id) {
        if (!isValid(id)) {
            throw new IllegalArgumentException("an id is 24 lowercase letters and digits");
        }
        return id;
    }
}
