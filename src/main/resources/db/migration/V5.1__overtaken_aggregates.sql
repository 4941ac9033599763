-- Aggregates of which a late record, of an older version, stands behind a newer one in the event log. Compaction would keep the older:
-- a worker tells the newer again. Noted by the projection, removed by the worker.
create table overtaken_aggregate (
    id text primary key,
    -- the offset of the latest such record: what has been told again since is known by it
    at bigint not null
);

-- How far each partition has ever been read: what lies before it is a replay, and nothing is noted of that again.
alter table projection_checkpoint add column reached bigint not null default 0;
update projection_checkpoint set reached = next_offset;
