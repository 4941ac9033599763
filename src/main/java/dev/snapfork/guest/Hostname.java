package dev.snapfork.guest;

import dev.snapfork.instance.Name;

/** What machines are called in their own eyes. */
public final class Hostname {
    private Hostname() {}

    /**
     * The hostname of the instance with that name: the same, as every name is a hostname.
     *
     * @throws IllegalArgumentException if it is no instance's name
     */
    public static String of(String instanceName) {
        return Name.require(instanceName);
    }
}
