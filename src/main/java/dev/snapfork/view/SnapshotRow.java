package dev.snapfork.view;

import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** A snapshot, found by anything but its health. */
@Entity
@Immutable
@Table(name = "snapshot_view")
class SnapshotRow extends SnapshotColumns {}
