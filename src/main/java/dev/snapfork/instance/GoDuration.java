package dev.snapfork.instance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** A duration in the text form of Go's {@code time.ParseDuration} and {@code Duration.String}, whole nanoseconds. */
public record GoDuration(Duration value) {
    private static final Map<String, BigDecimal> NANOS_BY_UNIT = Map.of(
            "ns", BigDecimal.ONE,
            "us", BigDecimal.valueOf(1_000),
            "µs", BigDecimal.valueOf(1_000),
            "μs", BigDecimal.valueOf(1_000),
            "ms", BigDecimal.valueOf(1_000_000),
            "s", BigDecimal.valueOf(1_000_000_000L),
            "m", BigDecimal.valueOf(60_000_000_000L),
            "h", BigDecimal.valueOf(3_600_000_000_000L));
    private static final Pattern PART =
            Pattern.compile("(\\d{1,18}(?:\\.\\d{0,18})?|\\.\\d{1,18})(ns|us|µs|μs|ms|s|m|h)");
    private static final int LONGEST_TEXT = 200;

    /**
     * Reads {@code 1h30m}, {@code 1.5s}, {@code -2m} or {@code 0}.
     *
     * @throws IllegalArgumentException if the text is no Go duration or does not fit in 63 bits of nanoseconds
     */
    @JsonCreator
    public static GoDuration parse(String text) {
        var unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        if (unsigned.equals("0")) {
            return new GoDuration(Duration.ZERO);
        }
        var nanos = BigDecimal.ZERO;
        var part = PART.matcher(unsigned);
        var end = 0;
        while (unsigned.length() <= LONGEST_TEXT && part.lookingAt()) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(NANOS_BY_UNIT.get(part.group(2))));
            end = part.end();
            part.region(end, unsigned.length());
        }
        if (end == 0 || end != unsigned.length()) {
            throw new IllegalArgumentException("invalid duration \"" + text + "\": write it like 30s, 5m or 1h30m");
        }
        try {
            var whole = nanos.setScale(0, RoundingMode.DOWN).longValueExact();
            return new GoDuration(Duration.ofNanos(text.startsWith("-") ? -whole : whole));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("invalid duration \"" + text + "\": longer than 292 years", e);
        }
    }

    public static GoDuration ofNanos(long nanos) {
        return new GoDuration(Duration.ofNanos(nanos));
    }

    /** Go's canonical form: {@code 24h0m0s}, {@code 1.5s}, {@code 300ms}, {@code 0s}. */
    @JsonValue
    @Override
    public String toString() {
        var nanos = value.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        var sign = nanos < 0 ? "-" : "";
        var rest = BigDecimal.valueOf(nanos).abs();
        if (rest.compareTo(BigDecimal.valueOf(1_000)) < 0) {
            return sign + plain(rest) + "ns";
        }
        if (rest.compareTo(BigDecimal.valueOf(1_000_000)) < 0) {
            return sign + plain(rest.movePointLeft(3)) + "µs";
        }
        if (rest.compareTo(BigDecimal.valueOf(1_000_000_000L)) < 0) {
            return sign + plain(rest.movePointLeft(6)) + "ms";
        }
        var minutes = rest.divideToIntegralValue(NANOS_BY_UNIT.get("m")).longValueExact();
        var seconds = plain(rest.remainder(NANOS_BY_UNIT.get("m")).movePointLeft(9)) + "s";
        if (minutes == 0) {
            return sign + seconds;
        }
        return sign + (minutes < 60 ? "" : minutes / 60 + "h") + minutes % 60 + "m" + seconds;
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
