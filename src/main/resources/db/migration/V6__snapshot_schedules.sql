-- Snapshot schedules in the read model.
create table schedule_view (
    id             text primary key,
    version        bigint      not null,
    instance_id    text        not null,
    next_run_at    timestamptz not null,
    -- a clock that shows less has been set back since the next run was set
    plausible_from timestamptz not null,
    body           jsonb       not null,
    deleted_at     timestamptz
);
create index schedule_view_instance on schedule_view (instance_id) where deleted_at is null;
create index schedule_view_due on schedule_view (next_run_at) where deleted_at is null;
create index schedule_view_plausible on schedule_view (plausible_from) where deleted_at is null;

alter table operation_view add column schedule jsonb;

-- What the schedulers agree on: who looks after a schedule, and what was last published for it. Not part of the read model; without
-- a row the same commands would be published once more.
create table schedule_turn (
    schedule     text primary key,
    -- nobody else looks at it before
    until        timestamptz not null,
    -- the newest version of the schedule that anybody has looked at; a read model that shows an older one is being made anew
    version      bigint      not null default 0,
    -- the command that was last published for a run
    operation    text,
    attempt      integer     not null default 0,
    published_at timestamptz,
    -- a run was published, and what follows from it is not done
    awaiting     boolean     not null default false,
    -- counts how often retention was gone through after the instance was gone
    round        bigint      not null default 0
);
create index schedule_turn_awaiting on schedule_turn (until) where awaiting;
