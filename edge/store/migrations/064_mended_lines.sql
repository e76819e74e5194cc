-- Lines that were put right by what is known of the page: 'number' or 'word'; read_text keeps what was read.
ALTER TABLE page_line ADD COLUMN mended TEXT NOT NULL DEFAULT '' CHECK (mended IN ('', 'number', 'word'));
