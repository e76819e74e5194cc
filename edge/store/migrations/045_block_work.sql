-- Somebody works at the block: its maintenance key is turned, or a padlock hangs in its isolator. One open row a kind.
CREATE TABLE block_work (
    id TEXT PRIMARY KEY,
    area TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('maintenance', 'lockout')),
    began_ms INTEGER NOT NULL,
    person_id TEXT NOT NULL DEFAULT '', -- who signed for the key at the panel; '' = nobody yet
    held_by TEXT NOT NULL DEFAULT '', -- the name, as it stood on the panel
    signed_ms INTEGER,
    ended_ms INTEGER
) STRICT;

CREATE UNIQUE INDEX block_work_open ON block_work (area, kind) WHERE ended_ms IS NULL;
