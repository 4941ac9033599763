-- Records that could not be handled, and what was done about them; part of the read model. The truth is the dead-letter topic.
-- What is said of a letter may come before the letter itself: then it has no envelope yet, and nobody sees it.
create table dead_letter (
    id              text primary key,
    topic           text,
    operation       text,
    died_at         timestamptz,
    envelope        jsonb,
    content         jsonb,
    retries         integer not null,
    retried_at      timestamptz,
    retry_operation text,
    discarded_at    timestamptz,
    state           text    not null generated always as (case when retries > 0 then 'retried' else 'open' end) stored
);
create index dead_letter_newest on dead_letter (died_at desc, id desc) where envelope is not null and discarded_at is null;
