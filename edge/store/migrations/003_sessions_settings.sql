-- Sessions at the panels, and everything a person changes that has no table of its own.

CREATE TABLE session (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE, -- SHA-256 of the cookie, hex
    person_id TEXT NOT NULL,
    panel_id TEXT NOT NULL,
    opened_utc_ms INTEGER NOT NULL,
    seen_mono_ms INTEGER NOT NULL, -- idleness is measured on the clock that cannot jump
    boot_id TEXT NOT NULL
) STRICT;

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL -- canonical JSON
) STRICT;
