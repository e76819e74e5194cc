-- Headings of printed registers that a fonds has of its own; without rows they are the usual ones.
CREATE TABLE register_heading (
    fonds_no TEXT NOT NULL REFERENCES fonds (fonds_no),
    kind TEXT NOT NULL CHECK (kind IN ('files', 'volumes', 'contents')),
    place INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    words TEXT NOT NULL,
    share INTEGER NOT NULL CHECK (share BETWEEN 1 AND 200),
    PRIMARY KEY (fonds_no, kind, place)
) STRICT, WITHOUT ROWID;
