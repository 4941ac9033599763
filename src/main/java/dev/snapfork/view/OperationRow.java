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

/** An operation's row; {@code snapshot}, {@code instance} and {@code schedule} are what the command made, as it was when it settled. */
@Entity
@Immutable
@NullUnmarked
@Table(name = "operation_view")
class OperationRow {
    @Id
    String id;

    String kind;
    String status;

    @Column(name = "snapshot_id")
    String snapshotId;

    @Column(name = "instance_id")
    String instanceId;

    @Column(name = "created_at")
    Instant createdAt;

    @JdbcTypeCode(SqlTypes.JSON)
    String body;

    @JdbcTypeCode(SqlTypes.JSON)
    String snapshot;

    @JdbcTypeCode(SqlTypes.JSON)
    String instance;

    @JdbcTypeCode(SqlTypes.JSON)
    String schedule;
}
