package dev.snapfork.instance;

import dev.snapfork.operation.Refusal;

/** What may be done with instances: pure functions of the state they are given. */
public final class InstanceRules {
    private InstanceRules() {}

    /** What is to be done about a request. */
    public sealed interface Verdict {
        record Go() implements Verdict {}

        /** It is so already, and stays as it is. */
        record Nothing() implements Verdict {}

        record No(Refusal refusal) implements Verdict {}
    }

    private static final Verdict GO = new Verdict.Go();
    private static final Verdict NOTHING = new Verdict.Nothing();

    public static Verdict start(Instance instance) {
        return switch (instance.state()) {
            case STOPPED -> GO;
            case RUNNING -> NOTHING;
            case STANDBY -> no("start requires the instance in Stopped, got Standby: restore it");
            case CREATED, INITIALIZING, PAUSED, SHUTDOWN, UNKNOWN -> no("start", "Stopped", instance);
        };
    }

    public static Verdict stop(Instance instance) {
        return switch (instance.state()) {
            case RUNNING -> GO;
            case STOPPED -> NOTHING;
            case STANDBY, CREATED, INITIALIZING, PAUSED, SHUTDOWN, UNKNOWN -> no("stop", "Running", instance);
        };
    }

    /** @param options whether the request says how to compress: there is nothing to compress anew in standby */
    public static Verdict standby(Instance instance, boolean options) {
        return switch (instance.state()) {
            case RUNNING -> GO;
            case STANDBY ->
                options
                        ? no("the instance is in Standby already, compression options are for the way there: "
                                + "leave them out")
                        : NOTHING;
            case STOPPED, CREATED, INITIALIZING, PAUSED, SHUTDOWN, UNKNOWN -> no("standby", "Running", instance);
        };
    }

    public static Verdict restore(Instance instance) {
        return switch (instance.state()) {
            case STANDBY -> GO;
            case RUNNING -> NOTHING;
            case STOPPED, CREATED, INITIALIZING, PAUSED, SHUTDOWN, UNKNOWN -> no("restore", "Standby", instance);
        };
    }

    /** @param fromRunning whether the request allows the source to run */
    public static Verdict fork(Instance source, boolean fromRunning) {
        return switch (source.state()) {
            case STOPPED, STANDBY -> GO;
            case RUNNING ->
                fromRunning ? GO : no("the source is Running: set from_running, or put it in Standby or Stopped first");
            case CREATED, INITIALIZING, PAUSED, SHUTDOWN, UNKNOWN -> no("fork", "Stopped, Standby or Running", source);
        };
    }

    private static Verdict no(String what, String wanted, Instance instance) {
        return no(what + " requires the instance in " + wanted + ", got "
                + instance.state().text());
    }

    private static Verdict no(String message) {
        return new Verdict.No(Refusal.invalidState(message));
    }
}
