-- Fonds, boxes, slots, volumes, items and the imports that brought them.
-- What an unsealed import brought is in these tables but in none of the shown_* views.

CREATE TABLE import_file (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    format TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    fonds_no TEXT NOT NULL,                -- given by the person for lists that name none; '' otherwise
    state TEXT NOT NULL CHECK (state IN ('pending', 'sealed', 'discarded')),
    actor TEXT NOT NULL,
    started_utc_ms INTEGER NOT NULL,
    ended_utc_ms INTEGER,
    rows_done INTEGER NOT NULL DEFAULT 0,
    taken INTEGER NOT NULL DEFAULT 0,
    mended INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    context INTEGER NOT NULL DEFAULT 0,
    boxes INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX import_file_once ON import_file (sha256) WHERE state <> 'discarded';

-- Verdicts of rows that were not simply taken.
CREATE TABLE import_row (
    import_no INTEGER NOT NULL REFERENCES import_file (no),
    row INTEGER NOT NULL,
    place TEXT NOT NULL,                   -- line or sheet and row, as a person finds it in the file
    verdict TEXT NOT NULL CHECK (verdict IN ('mended', 'refused', 'context')),
    notes TEXT NOT NULL,                   -- JSON [[code, {params}], …]
    PRIMARY KEY (import_no, row)
) STRICT, WITHOUT ROWID;

-- The file itself, compressed piece by piece: encrypted and backed up with everything else.
CREATE TABLE import_evidence (
    import_no INTEGER NOT NULL REFERENCES import_file (no),
    piece INTEGER NOT NULL,
    zstd BLOB NOT NULL,
    PRIMARY KEY (import_no, piece)
) STRICT;

CREATE TABLE fonds (
    fonds_no TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    import_no INTEGER REFERENCES import_file (no)
) STRICT, WITHOUT ROWID;

CREATE TABLE slot (
    code TEXT PRIMARY KEY,
    label TEXT NOT NULL UNIQUE,
    area TEXT NOT NULL,
    column_no INTEGER NOT NULL,
    face TEXT NOT NULL CHECK (face IN ('L', 'R')),
    sort INTEGER NOT NULL UNIQUE           -- shelving order
) STRICT, WITHOUT ROWID;
CREATE INDEX slot_face ON slot (area, column_no, face);

CREATE TABLE box (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL UNIQUE,
    box_no TEXT NOT NULL,
    box_key TEXT NOT NULL,                 -- box_no in capitals without leading zeros
    fonds_no TEXT NOT NULL REFERENCES fonds (fonds_no),
    title TEXT NOT NULL,
    thickness_mm INTEGER NOT NULL CHECK (thickness_mm BETWEEN 5 AND 200),
    barcode TEXT,
    home_slot TEXT REFERENCES slot (code),
    slot TEXT REFERENCES slot (code),
    state TEXT NOT NULL CHECK (state IN ('registered', 'shelved', 'out', 'void')),
    import_no INTEGER REFERENCES import_file (no)
) STRICT;
CREATE UNIQUE INDEX box_number ON box (fonds_no, box_key);
CREATE INDEX box_by_key ON box (box_key);
CREATE UNIQUE INDEX box_home ON box (home_slot) WHERE home_slot IS NOT NULL;
CREATE UNIQUE INDEX box_place ON box (slot) WHERE slot IS NOT NULL;
CREATE UNIQUE INDEX box_barcode ON box (barcode) WHERE barcode IS NOT NULL;
CREATE INDEX box_unplaced ON box (no) WHERE home_slot IS NULL;
CREATE INDEX box_import ON box (import_no) WHERE import_no IS NOT NULL;

CREATE TABLE volume (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL UNIQUE,
    ref_code TEXT NOT NULL,
    ref_key TEXT UNIQUE,
    fonds_no TEXT NOT NULL REFERENCES fonds (fonds_no),
    title TEXT NOT NULL,
    box_id TEXT REFERENCES box (id),
    state TEXT NOT NULL CHECK (state IN ('registered', 'shelved', 'out', 'void')),
    import_no INTEGER REFERENCES import_file (no)
) STRICT;
CREATE INDEX volume_box ON volume (box_id);
CREATE INDEX volume_import ON volume (import_no) WHERE import_no IS NOT NULL;

CREATE TABLE item (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL UNIQUE,
    ref_code TEXT NOT NULL,
    ref_key TEXT UNIQUE,
    ref_fold TEXT NOT NULL,                -- for prefixes: joiners alike, capitals, no blanks
    foreign_id TEXT UNIQUE,                -- the other system's own id
    fonds_no TEXT NOT NULL REFERENCES fonds (fonds_no),
    title TEXT NOT NULL,
    context TEXT NOT NULL,                 -- titles of what it lies under
    year INTEGER,
    retention TEXT NOT NULL,
    secret_level TEXT NOT NULL,
    responsible TEXT NOT NULL,
    doc_no TEXT NOT NULL,
    date TEXT NOT NULL,
    date_written TEXT NOT NULL,
    pages INTEGER,
    remark TEXT NOT NULL,
    initials TEXT NOT NULL,
    box_id TEXT REFERENCES box (id),
    volume_id TEXT REFERENCES volume (id),
    state TEXT NOT NULL CHECK (state IN ('registered', 'shelved', 'out', 'void')),
    import_no INTEGER REFERENCES import_file (no),
    source_row INTEGER,
    source_place TEXT
) STRICT;
CREATE INDEX item_ref_fold ON item (ref_fold) WHERE ref_fold <> '';
CREATE INDEX item_box ON item (box_id);
CREATE INDEX item_volume ON item (volume_id);
CREATE INDEX item_import ON item (import_no, source_row) WHERE import_no IS NOT NULL;

-- Further boxes of an item that fills more than one.
CREATE TABLE item_also_in (
    item_no INTEGER NOT NULL REFERENCES item (no),
    box_id TEXT NOT NULL REFERENCES box (id),
    PRIMARY KEY (item_no, box_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_also_in_box ON item_also_in (box_id);

CREATE VIEW shown_box AS
    SELECT box.* FROM box LEFT JOIN import_file ON import_file.no = box.import_no
    WHERE box.import_no IS NULL OR import_file.state = 'sealed';
CREATE VIEW shown_volume AS
    SELECT volume.* FROM volume LEFT JOIN import_file ON import_file.no = volume.import_no
    WHERE volume.import_no IS NULL OR import_file.state = 'sealed';
CREATE VIEW shown_item AS
    SELECT item.*, import_file.id AS source_import FROM item LEFT JOIN import_file ON import_file.no = item.import_no
    WHERE item.import_no IS NULL OR import_file.state = 'sealed';
