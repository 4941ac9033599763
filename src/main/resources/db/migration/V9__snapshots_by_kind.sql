-- Few snapshots are of the kind Stopped, in most catalogues: those are found without reading all others.
create index snapshot_view_kind on snapshot_state (kind, created_at desc, id desc) where deleted_at is null;
