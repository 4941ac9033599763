package dev.snapfork.guest;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who a machine is to be.
 *
 * @param instanceId at most 40 letters, digits, dashes and underscores
 * @param hostname at most 63 letters, digits and dashes, the first not a dash; see {@link Hostname}
 * @param mac of its first network interface, lowercase octets with colons between; null for a machine that has none
 * @param generation another one each time that the machine starts over from what others start from too. Told twice, a machine
 *     does nothing the second time
 */
public record Identity(
        String instanceId, String hostname, @Nullable String mac, UUID generation) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,40}");
    private static final Pattern HOSTNAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,62}");
    private static final Pattern MAC = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");

    public Identity {
        if (!ID.matcher(instanceId).matches()) {
            throw new IllegalArgumentException("not an id that the guest agent takes: " + instanceId);
        }
        if (!HOSTNAME.matcher(hostname).matches()) {
            throw new IllegalArgumentException("not a hostname that the guest agent takes: " + hostname);
        }
        mac = mac == null ? null : mac.toLowerCase(Locale.ROOT);
        if (mac != null && !MAC.matcher(mac).matches()) {
            throw new IllegalArgumentException("not a MAC address: " + mac);
        }
    }
}
