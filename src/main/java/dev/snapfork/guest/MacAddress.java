package dev.snapfork.guest;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Addresses of network interfaces. */
public final class MacAddress {
    /** An address of one interface, and not one that a manufacturer gave out. */
    private static final byte LOCALLY_ADMINISTERED = 0x02;

    private static final int OCTETS = 6;

    private MacAddress() {}

    /** A new one, {@code 02:} and five random octets: of a thousand on one network, two are the same once in two million times. */
    public static String random(RandomGenerator random) {
        var octets = new byte[OCTETS];
        random.nextBytes(octets);
        octets[0] = LOCALLY_ADMINISTERED;
        return HexFormat.ofDelimiter(":").formatHex(octets);
    }
}
