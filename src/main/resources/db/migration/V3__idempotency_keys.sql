-- Which request made which command, so that one that is sent again is answered with the same result; not part of the read model.
create table idempotency_key (
    -- a digest of the token's subject
    caller        text        not null,
    key           text        not null,
    -- a digest of method, path and body
    request       text        not null,
    operation     text        not null,
    command_type  text        not null,
    command       jsonb       not null,
    claimed_at    timestamptz not null,
    -- whoever claimed it publishes the command until then, and nobody else
    publish_until timestamptz not null,
    primary key (caller, key)
);
create index idempotency_key_age on idempotency_key (claimed_at);
