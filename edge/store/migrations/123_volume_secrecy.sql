-- What a list says of a volume's secrecy, as of item; a mark that a person gives it since stands in its description.
ALTER TABLE volume ADD COLUMN secret_level TEXT NOT NULL DEFAULT 'public'
    CHECK (secret_level IN ('public', 'internal', 'confidential', 'secret', 'top_secret'));
