package dev.snapfork.hypervisor.http;

import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * A monitor's version.
 *
 * @param suffix of builds that are no release, such as {@code -dev}; empty for releases
 */
public record Version(int major, int minor, int patch, String suffix) implements Comparable<Version> {
    private static final Pattern FORM = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?([-+].{0,80})?");
    private static final Comparator<Version> ORDER = Comparator.comparingInt(Version::major)
            .thenComparingInt(Version::minor)
            .thenComparingInt(Version::patch)
            .thenComparing(Version::suffix);

    /**
     * Reads {@code v51.1} and {@code 51.1.0}, which are the same.
     *
     * @throws IllegalArgumentException if it is of another form
     */
    public static Version parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("is no version: " + text);
        }
        var patch = match.group(3);
        var suffix = match.group(4);
        return new Version(
                Integer.parseInt(match.group(1)),
                Integer.parseInt(match.group(2)),
                patch == null ? 0 : Integer.parseInt(patch),
                suffix == null ? "" : suffix);
    }

    /** Whether two texts name the same version; what is no version is the same as nothing. */
    public static boolean same(String one, String other) {
        try {
            return parse(one).equals(parse(other));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    public boolean isAtLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }

    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch + suffix;
    }
}
