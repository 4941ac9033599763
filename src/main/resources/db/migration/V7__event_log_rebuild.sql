-- Asked of the workers: that they publish again what the payload store and settled_command say. Not part of the read model.
create table event_log_rebuild (
    only_row     boolean primary key default true check (only_row),
    -- counts how often it was asked for, and up to which of these it has been done
    asked        bigint not null,
    completed    bigint not null,
    -- the worker that is at it, unless it has not said so again by then
    worker       text,
    worker_until timestamptz
);
insert into event_log_rebuild (asked, completed) values (0, 0);
