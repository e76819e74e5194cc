-- People are a directory: ids, roles and credentials. No PIN and no card number is ever stored, only what proves them.

CREATE TABLE person (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    department TEXT NOT NULL DEFAULT '',
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    source TEXT NOT NULL CHECK (source IN ('local', 'directory')),
    pin_salt BLOB,
    pin_hash BLOB, -- scrypt
    wrong_pins INTEGER NOT NULL DEFAULT 0,
    locked_until_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE person_role (
    person_id TEXT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    PRIMARY KEY (person_id, role)
) STRICT;

-- A revocation made here outlives every directory of the centre until two persons here take it back.
CREATE TABLE person_override (
    person_id TEXT NOT NULL,
    role TEXT NOT NULL, -- '' = the whole person
    effect TEXT NOT NULL CHECK (effect IN ('revoked', 'granted')),
    PRIMARY KEY (person_id, role)
) STRICT;

-- uid_hmac = HMAC-SHA256(site key, uid), hex.
CREATE TABLE card (
    uid_hmac TEXT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, -- opaque, for the trace
    person_id TEXT NOT NULL REFERENCES person (id),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    source TEXT NOT NULL CHECK (source IN ('local', 'directory'))
) STRICT;

CREATE INDEX card_by_person ON card (person_id);

CREATE TABLE directory (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    site TEXT NOT NULL,
    version INTEGER NOT NULL,
    accepted_utc_ms INTEGER NOT NULL
) STRICT;

-- A grant waits here until a second person confirms it.
CREATE TABLE grant_wanted (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_utc_ms INTEGER NOT NULL
) STRICT;
