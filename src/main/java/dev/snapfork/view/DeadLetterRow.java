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

/** A dead letter's row as lists need it, without its content. */
@Entity
@Immutable
@NullUnmarked
@Table(name = "dead_letter")
class DeadLetterRow {
    @Id
    String id;

    String topic;
    String operation;
    String state;

    @Column(name = "died_at")
    Instant createdAt;

    @JdbcTypeCode(SqlTypes.JSON)
    String envelope;

    int retries;

    @Column(name = "retried_at")
    Instant retriedAt;

    @Column(name = "retry_operation")
    String retryOperation;

    @Column(name = "discarded_at")
    Instant discardedAt;
}
