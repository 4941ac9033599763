-- Snapshots are found by their health in the order of their creation. What is known of the one and of the other comes from
-- different partitions, to different projections, at any time and in any order: whoever comes first makes the row, whoever
-- comes second finds it, since both write by the same unique key. Triggers do, so that it is right also while a previous
-- version goes on; they fire when the row that they follow has moved to a newer version, and so need no version of their own.
create table snapshot_health (
    id        text primary key,
    state     text not null default 'unknown',
    -- when a snapshot that is there was created; null as long as no snapshot is known, and once it is deleted
    listed_at timestamptz
);

create function snapshot_told() returns trigger language plpgsql as $$
begin
    insert into snapshot_health (id, listed_at)
    values (new.id, case when new.deleted_at is null then new.created_at end)
    on conflict (id) do update set listed_at = excluded.listed_at;
    return null;
end $$;
create trigger snapshot_added after insert on snapshot_state for each row execute function snapshot_told();
create trigger snapshot_changed after update on snapshot_state for each row
    when (old.deleted_at is distinct from new.deleted_at) execute function snapshot_told();

create function finding_told() returns trigger language plpgsql as $$
begin
    insert into snapshot_health (id, state) values (new.id, new.state)
    on conflict (id) do update set state = excluded.state;
    return null;
end $$;
create trigger finding_added after insert on health_finding for each row execute function finding_told();
create trigger finding_changed after update on health_finding for each row
    when (old.state is distinct from new.state) execute function finding_told();

-- nobody writes to the two tables until this is committed: the triggers are there
insert into snapshot_health (id, state, listed_at)
select id, coalesce(f.state, 'unknown'), case when s.deleted_at is null then s.created_at end
from snapshot_state s full join health_finding f using (id);

create index snapshot_health_newest on snapshot_health (state, listed_at desc, id desc) where listed_at is not null;
