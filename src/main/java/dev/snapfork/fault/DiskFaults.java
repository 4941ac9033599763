package dev.snapfork.fault;

import java.io.IOException;

/**
 * The single calls that read or change the disk. They are made by functions that nobody is given to, from whatever thread copies or
 * codes; so what they are told to is one for the process. Where there are no faults that is one read of a field beside a
 * system call.
 */
public final class DiskFaults {
    private static volatile Faults told = Faults.NONE;

    private DiskFaults() {}

    /** Has the calls of this process told from now on. */
    public static void tell(Faults faults) {
        told = faults;
    }

    /** For whoever is about to make such a call. */
    public static void before(Step call) throws IOException {
        told.at(call);
    }
}
