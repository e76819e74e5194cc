-- What a volume list says of a volume that was made for its papers. Once the list is sealed: what the volume took of it.
CREATE TABLE import_volume (
    import_no INTEGER NOT NULL REFERENCES import_file (no),
    volume_id TEXT NOT NULL REFERENCES volume (id),
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (import_no, volume_id, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_volume_of ON import_volume (volume_id);
