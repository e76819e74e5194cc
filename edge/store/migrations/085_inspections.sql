-- After a tilt or a shock somebody looks at rails, shelves and boxes, and signs; until then nothing is moved.
CREATE TABLE block_inspection (
    id TEXT PRIMARY KEY,
    area TEXT NOT NULL,
    columns TEXT NOT NULL, -- JSON: whose switches acted
    owed_ms INTEGER NOT NULL,
    person_id TEXT NOT NULL DEFAULT '',
    made_ms INTEGER
) STRICT;

CREATE UNIQUE INDEX block_inspection_owed ON block_inspection (area) WHERE made_ms IS NULL;
