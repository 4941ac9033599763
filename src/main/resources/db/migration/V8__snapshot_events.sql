-- What has happened to each snapshot, for as long as the event log has it in full: its own events, the findings about its files, and
-- the forks and restores of it. A version of the service that does not know the table leaves it as it is; what it applied meanwhile is
-- missing there until the read model is rebuilt.
create table snapshot_event (
    id text primary key,
    snapshot_id text not null,
    time timestamptz not null,
    event jsonb not null
);

create index snapshot_event_of_snapshot on snapshot_event (snapshot_id, time desc, id desc);

create index snapshot_event_time on snapshot_event (time);
