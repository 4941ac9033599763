package dev.snapfork.hypervisor.http;

/**
 * What a monitor answered.
 *
 * @param body empty if it had none
 */
public record Reply(int status, String body) {
    private static final int HUNDRED = 100;

    public boolean isSuccess() {
        return status / HUNDRED == 2;
    }
}
