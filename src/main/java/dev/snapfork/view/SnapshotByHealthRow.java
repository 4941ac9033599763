package dev.snapfork.view;

import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;

/** A snapshot, found by its health: in another table, in which that and the order of lists are one index. */
@Entity
@Immutable
@NullUnmarked
@Table(name = "snapshot_by_health")
class SnapshotByHealthRow extends SnapshotColumns {
    String health;
}
