-- Which attempt at a command is the latest, and whether the command has settled: the fence against a worker that goes on with a
-- command which another has been given since. Not part of the read model.

create table command_attempt (
    operation text primary key,
    attempt   text        not null,
    begun_at  timestamptz not null,
    settled   boolean     not null default false
);
create index command_attempt_age on command_attempt (begun_at);

insert into command_attempt (operation, attempt, begun_at, settled)
select operation, '', settled_at, true from settled_command;
