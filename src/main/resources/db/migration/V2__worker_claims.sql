-- What the workers agree on among themselves; not part of the read model.

-- A name that must be unique, held by the command that took it and the aggregate that has it.
create table name_claim (
    scope     text not null,
    name      text not null,
    owner_id  text not null,
    operation text not null,
    primary key (scope, name)
);
create index name_claim_owner on name_claim (owner_id);

-- How a command settled, so that one that comes again settles the same way.
create table settled_command (
    operation  text primary key,
    body       jsonb       not null,
    settled_at timestamptz not null
);
create index settled_command_age on settled_command (settled_at);
