-- Digitised pages: originals as they came, pages squared out of them, and what is written on each.
-- The files themselves lie in scans.db, by their SHA-256.

CREATE TABLE scan_file (
    id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('camera', 'file')),
    name TEXT NOT NULL, -- as it was called where it came from; '' for a frame of the camera
    format TEXT NOT NULL,
    author TEXT NOT NULL, -- author, dates and program as the file itself says: nobody vouches for them
    created TEXT NOT NULL,
    modified TEXT NOT NULL,
    made_with TEXT NOT NULL,
    alarming TEXT NOT NULL, -- JSON [name, …]
    bytes INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    received_by TEXT NOT NULL
) STRICT;
CREATE INDEX scan_file_content ON scan_file (sha256);

CREATE TABLE page (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    file_id TEXT NOT NULL REFERENCES scan_file (id),
    file_page INTEGER NOT NULL,
    item_id TEXT REFERENCES item (id),
    page_no INTEGER CHECK (page_no >= 1),
    image TEXT NOT NULL, -- SHA-256 of the squared page
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    dpi INTEGER NOT NULL,
    measures TEXT NOT NULL, -- JSON, as in the event page.seen
    complaints TEXT NOT NULL, -- JSON [[code, {params}], …]
    proposed TEXT NOT NULL, -- JSON: ids of items that the page names
    printed_no INTEGER,
    state TEXT NOT NULL CHECK (state IN ('held', 'loose', 'hooked', 'replaced', 'dropped')),
    despite TEXT NOT NULL DEFAULT '', -- why a person accepted it in spite of its complaints
    seen_ms INTEGER NOT NULL,
    seen_by TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX page_of_item ON page (item_id, page_no) WHERE state = 'hooked';
CREATE INDEX page_waiting ON page (state, no) WHERE state IN ('held', 'loose');
CREATE INDEX page_file ON page (file_id);

CREATE TABLE page_line (
    page INTEGER NOT NULL REFERENCES page (no),
    line INTEGER NOT NULL,
    quad TEXT NOT NULL, -- JSON: four [x, y] in the page's pixels
    read_text TEXT NOT NULL, -- as the networks read it; never changed
    text TEXT NOT NULL, -- as it counts: read, or put right by a person
    confidence REAL NOT NULL,
    weakest REAL NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sure', 'unsure', 'corrected', 'confirmed')),
    PRIMARY KEY (page, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX page_line_unsure ON page_line (page, line) WHERE state = 'unsure';
