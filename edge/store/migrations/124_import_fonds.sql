-- What an imported finding aid says of its fonds. ``taken``: at the seal the fonds said nothing there and took it.
CREATE TABLE import_fonds (
    import_no INTEGER NOT NULL REFERENCES import_file (no),
    fonds_no TEXT NOT NULL,
    name TEXT NOT NULL,
    field TEXT NOT NULL CHECK (field IN ('custody', 'unit_history', 'scope', 'arrangement')),
    value TEXT NOT NULL,
    taken INTEGER NOT NULL DEFAULT 0 CHECK (taken IN (0, 1)),
    PRIMARY KEY (import_no, fonds_no, field)
) STRICT, WITHOUT ROWID;
