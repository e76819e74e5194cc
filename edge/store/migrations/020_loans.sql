-- Loans, and the one thing that each block is used for.

CREATE TABLE loan (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('item', 'volume', 'box')),
    item_id TEXT,
    volume_id TEXT,
    box_id TEXT NOT NULL,
    slot TEXT NOT NULL,
    person_id TEXT NOT NULL,
    state TEXT NOT NULL,
    due TEXT NOT NULL DEFAULT '', -- YYYY-MM-DD in the site's zone
    level TEXT NOT NULL,
    asked_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    reason TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX loan_by_state ON loan (state, asked_ms);
CREATE INDEX loan_by_box ON loan (box_id, state);

-- One thing is lent to one person: a box, a volume or an item has at most one open loan of its own.
CREATE UNIQUE INDEX loan_of_one_thing ON loan (coalesce(item_id, volume_id, box_id))
    WHERE state NOT IN ('reshelved', 'cancelled');

-- What the block is used for now; at most one row a block.
CREATE TABLE block_task (
    area TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('retrieve', 'shelve', 'find')),
    loan_id TEXT,
    box_id TEXT,
    person_id TEXT NOT NULL,
    aisle INTEGER,
    since_ms INTEGER NOT NULL
) STRICT;

-- Moves as the node asked for them and saw them end.
CREATE TABLE move (
    id TEXT PRIMARY KEY,
    move_no INTEGER NOT NULL, -- what the boards know it by, 1..65535
    area TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('retrieve', 'shelve', 'find')),
    loan_id TEXT,
    box_id TEXT,
    person_id TEXT NOT NULL,
    aisle INTEGER,
    plan TEXT NOT NULL, -- JSON: column, from_mm, to_mm of each mover
    phase TEXT NOT NULL CHECK (phase IN ('armed', 'started', 'ended')),
    ended TEXT NOT NULL DEFAULT '',
    armed_ms INTEGER NOT NULL,
    started_ms INTEGER,
    ended_ms INTEGER
) STRICT;

CREATE INDEX move_open ON move (area) WHERE phase <> 'ended';
