-- Latched faults of the carriage boards as this node saw them; a row goes when Reset at the block has ended the fault.
CREATE TABLE block_fault (
    area TEXT NOT NULL,
    column_no INTEGER NOT NULL,
    fault TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    PRIMARY KEY (area, column_no, fault)
) STRICT;
