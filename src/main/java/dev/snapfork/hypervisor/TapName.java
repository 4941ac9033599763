package dev.snapfork.hypervisor;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The host's end of a machine's network, where the monitor is given a device by its name. All names are of one length and form, so that
 * one can be put in the place of another, and none is longer than Linux allows (15 bytes).
 */
public final class TapName {
    /** What every name matches. */
    public static final String FORM = "sf[0-9a-f]{13}";

    private static final int DIGITS = 13;

    private TapName() {}

    /** The name for the machine with this label; another label has another one, as far as 48 bits go. */
    public static String of(MachineHome home) {
        var digest = UUID.nameUUIDFromBytes(home.label().getBytes(StandardCharsets.UTF_8));
        return "sf" + HexFormat.of().toHexDigits(digest.getMostSignificantBits(), DIGITS);
    }
}
