-- What people made of a reading, when the networks read the same again.
CREATE INDEX page_line_corrected ON page_line (read_text) WHERE state = 'corrected';
