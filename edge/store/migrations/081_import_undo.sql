-- A sealed import that is taken back: from this moment on nothing of it shows, and it can only be taken back further.

ALTER TABLE import_file ADD COLUMN undone_utc_ms INTEGER;
