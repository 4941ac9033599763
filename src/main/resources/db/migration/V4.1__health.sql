-- What was found out about the files of snapshots and instances; part of the read model. It has versions of its own, and so a table
-- of its own: the snapshot's row and this one can come in any order.
create table health_finding (
    id         text primary key,
    version    bigint      not null,
    state      text        not null,
    checked_at timestamptz not null,
    error      text
);
create index health_finding_damaged on health_finding (id) where state = 'damaged';

-- What is read is the state from the events and the findings in one.
alter table snapshot_view rename to snapshot_state;
create view snapshot_view as
select s.id, s.version, s.name, s.kind, s.source_instance_id, s.created_at, s.tags, s.deleted_at,
       coalesce((select f.state from health_finding f where f.id = s.id), 'unknown') as health,
       s.body || coalesce(
           (select jsonb_strip_nulls(jsonb_build_object('health', f.state, 'health_checked_at', f.checked_at, 'health_error', f.error))
            from health_finding f where f.id = s.id),
           '{"health":"unknown"}') as body
from snapshot_state s;

-- Of instances only records are looked at, and said is only what is wrong with them.
alter table instance_view rename to instance_state;
create view instance_view as
select i.id, i.version, i.name, i.state, i.created_at, i.tags, i.deleted_at,
       i.body || coalesce(
           (select jsonb_strip_nulls(jsonb_build_object('health', f.state, 'health_checked_at', f.checked_at, 'health_error', f.error))
            from health_finding f where f.id = i.id),
           '{}') as body
from instance_state i;

-- Who verifies which snapshot; what the workers agree on, not part of the read model.
create table scrub_turn (
    snapshot_id text primary key,
    worker      text        not null,
    until       timestamptz not null
);
