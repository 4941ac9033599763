package dev.snapfork.worker;

import dev.snapfork.view.InMemoryReadModel;
import dev.snapfork.view.ReadModelWriter;

class InMemoryOvertakenAggregatesTest extends OvertakenAggregatesContract {
    private final InMemoryReadModel readModel = new InMemoryReadModel();

    @Override
    ReadModelWriter readModel() {
        return readModel;
    }

    @Override
    OvertakenAggregates overtaken() {
        return new InMemoryOvertakenAggregates(readModel);
    }
}
