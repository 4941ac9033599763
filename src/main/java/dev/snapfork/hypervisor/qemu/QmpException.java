package dev.snapfork.hypervisor.qemu;

import java.io.IOException;

/** QEMU refused a command, in its own words. */
final class QmpException extends IOException {
    private static final long serialVersionUID = 1L;

    QmpException(String description) {
        super(description);
    }
}
