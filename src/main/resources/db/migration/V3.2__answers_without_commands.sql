-- Requests that make no command have no operation to be answered from: their answer itself is kept, once there is one.
alter table idempotency_key
    alter column operation drop not null,
    alter column command_type drop not null,
    alter column command drop not null,
    add column answer jsonb;
