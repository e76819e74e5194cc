-- Sound, video and OFD of an item: the file itself lies in scans.db by its SHA-256, what it says of itself in scan_file.
CREATE TABLE e_file (
    id TEXT PRIMARY KEY,
    file_id TEXT NOT NULL REFERENCES scan_file (id),
    item_id TEXT NOT NULL REFERENCES item (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    kind TEXT NOT NULL CHECK (kind IN ('sound', 'video', 'document')),
    mime TEXT NOT NULL,
    suffix TEXT NOT NULL,
    duration_ms INTEGER,
    UNIQUE (item_id, number)
) STRICT;
