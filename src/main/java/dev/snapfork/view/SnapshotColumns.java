package dev.snapfork.view;

import jakarta.persistence.Column;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.NullUnmarked;

/**
 * A snapshot's row: columns to find it by, and {@code body}, the JSON that the API answers with. The views join what the events of the
 * snapshot say with what was found out about it.
 */
@MappedSuperclass
@NullUnmarked
abstract class SnapshotColumns {
    @Id
    String id;

    long version;
    String name;
    String kind;

    @Column(name = "source_instance_id")
    String sourceInstanceId;

    @Column(name = "created_at")
    Instant createdAt;

    @JdbcTypeCode(SqlTypes.JSON)
    String tags;

    @JdbcTypeCode(SqlTypes.JSON)
    String body;

    @Column(name = "deleted_at")
    Instant deletedAt;
}
