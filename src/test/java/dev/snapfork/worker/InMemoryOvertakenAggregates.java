package dev.snapfork.worker;

import dev.snapfork.view.InMemoryReadModel;
import java.util.List;

/** What the read model of tests has noted of late records. */
final class InMemoryOvertakenAggregates implements OvertakenAggregates {
    private final InMemoryReadModel readModel;

    InMemoryOvertakenAggregates(InMemoryReadModel readModel) {
        this.readModel = readModel;
    }

    @Override
    public List<Overtaken> after(String id) {
        return readModel.overtaken().entrySet().stream()
                .filter(entry -> entry.getKey().compareTo(id) > 0)
                .map(entry -> new Overtaken(entry.getKey(), kind(entry.getKey()), entry.getKey(), entry.getValue()))
                .toList();
    }

    private Kind kind(String id) {
        var rows = readModel.rows();
        var snapshot = rows.snapshots().get(id);
        var instance = rows.instances().get(id);
        if ((snapshot != null && snapshot.deletedAt() != null) || (instance != null && instance.deletedAt() != null)) {
            return Kind.DELETED;
        }
        return snapshot != null ? Kind.SNAPSHOT : Kind.INSTANCE;
    }

    @Override
    public void toldAgain(Overtaken overtaken) {
        readModel.toldAgain(overtaken.id(), overtaken.at());
    }
}
