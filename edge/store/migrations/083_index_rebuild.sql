-- A search index being written anew beside the one in use; the new tables themselves are made when it begins.

CREATE TABLE index_rebuild (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    began_ms INTEGER NOT NULL,
    after_box INTEGER NOT NULL DEFAULT 0,
    after_item INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Records that changed meanwhile: their words are written once more before the new index takes over.
CREATE TABLE index_rebuild_again (
    kind TEXT NOT NULL CHECK (kind IN ('item', 'box')),
    no INTEGER NOT NULL,
    PRIMARY KEY (kind, no)
) STRICT, WITHOUT ROWID;
