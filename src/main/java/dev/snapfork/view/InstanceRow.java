package dev.snapfork.view;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.NullUnmarked;

/** An instance's row in the view that joins its events with findings: columns to find it by, and {@code body}, the API's JSON. */
@Entity
@Immutable
@NullUnmarked
@Table(name = "instance_view")
class InstanceRow {
    @Id
    String id;

    long version;
    String name;
    String state;

    @Column(name = "created_at")
    Instant createdAt;

    @JdbcTypeCode(SqlTypes.JSON)
    String tags;

    @JdbcTypeCode(SqlTypes.JSON)
    String body;

    @Column(name = "deleted_at")
    Instant deletedAt;
}
