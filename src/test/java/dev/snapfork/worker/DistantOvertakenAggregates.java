package dev.snapfork.worker;

import dev.snapfork.simulation.Network;
import java.util.List;

/** As the adapters of PostgreSQL are: every call goes over the network. */
final class DistantOvertakenAggregates implements OvertakenAggregates {
    private final OvertakenAggregates there;
    private final Network network;

    DistantOvertakenAggregates(OvertakenAggregates there, Network network) {
        this.there = there;
        this.network = network;
    }

    @Override
    public List<Overtaken> after(String id) {
        return network.call("find what was overtaken", () -> there.after(id));
    }

    @Override
    public void toldAgain(Overtaken overtaken) {
        network.call("told again", () -> {
            there.toldAgain(overtaken);
            return overtaken;
        });
    }
}
