-- Commands that workers have taken up or callers want stopped. Of taking a command up and cancelling it before that, the one that
-- gets its row in comes first. Rows go when their command has settled; not part of the read model.
create table command_turn (
    operation text primary key,
    taken_up  boolean     not null,
    -- null while nobody wants it stopped
    asked_at  timestamptz,
    -- the operation as it was accepted, for whoever ends it without having the command
    accepted  jsonb,
    since     timestamptz not null
);
create index command_turn_asked on command_turn (asked_at) where asked_at is not null;
