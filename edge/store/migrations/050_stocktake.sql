-- Stocktakes 盘点: which bays or boxes are counted, what was seen, how it differs from the index, who signed.

CREATE TABLE stocktake (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('rolling', 'full', 'sample')),
    begun_by TEXT NOT NULL,
    begun_ms INTEGER NOT NULL,
    closed_ms INTEGER
) STRICT;

CREATE TABLE stocktake_bay (
    stocktake_id TEXT NOT NULL REFERENCES stocktake (id),
    bay TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'counting', 'counted')),
    person_id TEXT NOT NULL DEFAULT '',
    began_ms INTEGER,
    counted_ms INTEGER,
    at_slot TEXT NOT NULL DEFAULT '', -- what the hand scanner read last
    PRIMARY KEY (stocktake_id, bay)
) STRICT, WITHOUT ROWID;
-- While a bay is counted nothing in it moves, so it is counted once at a time.
CREATE UNIQUE INDEX stocktake_bay_frozen ON stocktake_bay (bay) WHERE state = 'counting';

CREATE TABLE stocktake_sight (
    stocktake_id TEXT NOT NULL REFERENCES stocktake (id),
    slot TEXT NOT NULL,
    how TEXT NOT NULL CHECK (how IN ('scanned', 'pictures', 'looked')),
    sight TEXT NOT NULL, -- JSON: state, codes, lines, between
    seen_ms INTEGER NOT NULL,
    PRIMARY KEY (stocktake_id, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE stocktake_shot (
    stocktake_id TEXT NOT NULL REFERENCES stocktake (id),
    bay TEXT NOT NULL,
    look_id TEXT NOT NULL,
    PRIMARY KEY (stocktake_id, bay, look_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE stocktake_box (
    stocktake_id TEXT NOT NULL REFERENCES stocktake (id),
    box_id TEXT NOT NULL REFERENCES box (id),
    person_id TEXT NOT NULL DEFAULT '',
    counted_ms INTEGER,
    PRIMARY KEY (stocktake_id, box_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE stocktake_difference (
    id TEXT PRIMARY KEY,
    stocktake_id TEXT NOT NULL REFERENCES stocktake (id),
    kind TEXT NOT NULL CHECK (
        kind IN ('misplaced', 'missing', 'unknown', 'unread', 'index_says_out', 'on_loan', 'in_transit',
                 'item_missing', 'pages_differ')
    ),
    slot TEXT NOT NULL,     -- where it was seen, or where it should stand
    box_id TEXT,
    item_id TEXT,
    belongs TEXT NOT NULL DEFAULT '',
    counted INTEGER,        -- pages
    state TEXT NOT NULL CHECK (state IN ('open', 'accounted', 'approved', 'left', 'in_hand', 'righted')),
    decided_by TEXT NOT NULL DEFAULT '',
    decided_ms INTEGER
) STRICT;
CREATE INDEX stocktake_difference_of ON stocktake_difference (stocktake_id, slot);

CREATE TABLE stocktake_signature (
    stocktake_id TEXT NOT NULL REFERENCES stocktake (id),
    person_id TEXT NOT NULL,
    signed_ms INTEGER NOT NULL,
    PRIMARY KEY (stocktake_id, person_id)
) STRICT, WITHOUT ROWID;
