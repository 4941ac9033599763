-- The read model: derived from the event log, written by the projection alone. It can be dropped and rebuilt.

create table snapshot_view (
    id                 text primary key,
    version            bigint      not null,
    name               text,
    kind               text        not null,
    source_instance_id text        not null,
    created_at         timestamptz not null,
    tags               jsonb       not null,
    body               jsonb       not null,
    deleted_at         timestamptz
);
create index snapshot_view_newest on snapshot_view (created_at desc, id desc) where deleted_at is null;
create index snapshot_view_source on snapshot_view (source_instance_id, created_at desc, id desc) where deleted_at is null;
create index snapshot_view_name on snapshot_view (name, created_at desc, id desc) where deleted_at is null;
create index snapshot_view_tags on snapshot_view using gin (tags jsonb_path_ops) where deleted_at is null;

create table instance_view (
    id         text primary key,
    version    bigint      not null,
    name       text        not null,
    state      text        not null,
    created_at timestamptz not null,
    tags       jsonb       not null,
    body       jsonb       not null,
    deleted_at timestamptz
);
create index instance_view_newest on instance_view (created_at desc, id desc) where deleted_at is null;
create index instance_view_name on instance_view (name) where deleted_at is null;
create index instance_view_prefix on instance_view (id text_pattern_ops) where deleted_at is null;
create index instance_view_tags on instance_view using gin (tags jsonb_path_ops) where deleted_at is null;

create table operation_view (
    id          text primary key,
    kind        text        not null,
    status      text        not null,
    snapshot_id text,
    instance_id text,
    created_at  timestamptz not null,
    body        jsonb       not null,
    snapshot    jsonb,
    instance    jsonb
);
create index operation_view_newest on operation_view (created_at desc, id desc);
create index operation_view_snapshot on operation_view (snapshot_id, created_at desc, id desc);
create index operation_view_instance on operation_view (instance_id, created_at desc, id desc);
create index operation_view_open on operation_view (created_at desc, id desc) where status in ('accepted', 'running');

-- Where the projection goes on; moved in the transaction that applies the records before it.
create table projection_checkpoint (
    topic       text    not null,
    partition   integer not null,
    next_offset bigint  not null,
    primary key (topic, partition)
);

-- Counted up to ask for a rebuild: a projection that runs sees it and starts over from the logs' beginning.
create table projection_epoch (
    only_row boolean primary key default true check (only_row),
    epoch    bigint not null
);
insert into projection_epoch (epoch) values (1);
