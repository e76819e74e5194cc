-- The storeroom door as it was last seen; one row.
CREATE TABLE door (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    open INTEGER NOT NULL,
    how TEXT NOT NULL DEFAULT '', -- let_in, exit, forced; '' = it is closed
    since_ms INTEGER NOT NULL,
    since_mono_ms INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    unnamed_ms INTEGER -- somebody went out when several were inside: nobody has said yet who
) STRICT;

-- After fire or gas nobody is let in until somebody responsible has looked and signed. One open row.
CREATE TABLE door_bar (
    id TEXT PRIMARY KEY,
    why TEXT NOT NULL CHECK (why IN ('fire', 'gas')),
    since_ms INTEGER NOT NULL,
    cleared_ms INTEGER,
    cleared_by TEXT NOT NULL DEFAULT '',
    found TEXT NOT NULL DEFAULT '' -- the gas reading, or what was looked at
) STRICT;

CREATE UNIQUE INDEX door_bar_open ON door_bar (cleared_ms IS NULL) WHERE cleared_ms IS NULL;

-- Entries 出入库登记: who was let in, who accompanied, why, when in and when out.
CREATE TABLE entry (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('let_in', 'inside', 'left', 'unused', 'unseen')),
    person_id TEXT NOT NULL DEFAULT '', -- '' = a visitor who is not in the directory
    name TEXT NOT NULL DEFAULT '', -- of such a visitor
    organisation TEXT NOT NULL DEFAULT '',
    papers TEXT NOT NULL DEFAULT '', -- kind, number and issuing body of what was shown
    approved_by TEXT NOT NULL DEFAULT '',
    escort_id TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL,
    let_in_ms INTEGER NOT NULL,
    came_ms INTEGER,
    left_ms INTEGER,
    left_how TEXT NOT NULL DEFAULT '' -- door: gone through it alone; said: somebody said so; '' = not known
) STRICT;

CREATE INDEX entry_by_state ON entry (state, person_id);
CREATE INDEX entry_by_time ON entry (let_in_ms);
