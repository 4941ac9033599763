/**
 * The single-host stack: a real PostgreSQL and a real Kafka broker under one data directory, and the launcher that runs the
 * service beside them. Here belongs what starts, watches and stops processes on one machine; nothing of the service
 * itself, no topics, no schema. Everything is test scope, so that none of it is on the class path of the production artifact.
 */
@NullMarked
package dev.snapfork.local;

import org.jspecify.annotations.NullMarked;
