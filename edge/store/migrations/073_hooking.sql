-- Hooking of scans 挂接: what became of each file of a folder, and what a person decided where it was in doubt.
CREATE TABLE hook_run (
    id TEXT PRIMARY KEY,
    root TEXT NOT NULL,
    begun_ms INTEGER NOT NULL,
    begun_by TEXT NOT NULL,
    ended_ms INTEGER                       -- NULL: cut off; hooking the same folder goes on with it
) STRICT, WITHOUT ROWID;

CREATE TABLE hook_file (
    run_id TEXT NOT NULL REFERENCES hook_run (id),
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    stamp TEXT NOT NULL,                   -- size and time of change: whether it is still the file that was read
    pages INTEGER,
    state TEXT NOT NULL CHECK (state IN ('planned', 'hooked', 'unsure', 'refused', 'already', 'settled')),
    code TEXT NOT NULL,
    params TEXT NOT NULL,                  -- JSON
    item_id TEXT NOT NULL,
    page INTEGER,
    file_id TEXT NOT NULL,                 -- what is kept of it, '' = nothing
    settled_by TEXT NOT NULL DEFAULT '',
    settled_why TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, path)
) STRICT, WITHOUT ROWID;
