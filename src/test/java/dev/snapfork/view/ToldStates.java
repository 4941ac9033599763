package dev.snapfork.view;

import dev.snapfork.instance.Instance;
import dev.snapfork.snapshot.Snapshot;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Function;

/** What the last events told, of tests that have no PostgreSQL. */
public final class ToldStates extends LastKnown {
    private final Function<String, Optional<Snapshot>> snapshots;
    private final Function<String, Optional<Instance>> instances;

    @SuppressWarnings("NullAway") // nothing that is used here needs the pool
    public ToldStates(Function<String, Optional<Snapshot>> snapshots, Function<String, Optional<Instance>> instances) {
        super(null);
        this.snapshots = snapshots;
        this.instances = instances;
    }

    /** Nobody was ever told of anything. */
    public static ToldStates nothing() {
        return new ToldStates(id -> Optional.empty(), id -> Optional.empty());
    }

    @Override
    public Uni<Optional<Snapshot>> snapshot(String id) {
        return Uni.createFrom().item(snapshots.apply(id));
    }

    @Override
    public Uni<Optional<Instance>> instance(String id) {
        return Uni.createFrom().item(instances.apply(id));
    }
}
