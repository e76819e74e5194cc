-- Digitisation batches: what goes out and comes back, and each step with who worked and who checked.
CREATE TABLE batch (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    contractor TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    opened_ms INTEGER NOT NULL,
    opened_by TEXT NOT NULL
) STRICT;

CREATE TABLE batch_item (
    batch_id TEXT NOT NULL REFERENCES batch (id),
    item_id TEXT NOT NULL REFERENCES item (id),
    pages_out INTEGER NOT NULL CHECK (pages_out >= 1),
    out_ms INTEGER NOT NULL,
    out_by TEXT NOT NULL,
    pages_in INTEGER,
    bound INTEGER NOT NULL DEFAULT 0 CHECK (bound IN (0, 1)),
    note TEXT NOT NULL DEFAULT '',
    in_ms INTEGER,
    in_by TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (batch_id, item_id)
) STRICT, WITHOUT ROWID;
-- An item is out with one batch at a time.
CREATE UNIQUE INDEX batch_item_out ON batch_item (item_id) WHERE pages_in IS NULL;

CREATE TABLE batch_step (
    no INTEGER PRIMARY KEY,
    batch_id TEXT NOT NULL REFERENCES batch (id),
    step TEXT NOT NULL,
    round INTEGER NOT NULL,
    worker TEXT NOT NULL,
    checker TEXT NOT NULL,
    count INTEGER NOT NULL,
    defects INTEGER NOT NULL,
    note TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX batch_step_of ON batch_step (batch_id, no);
