-- Which of a block's signed files this node took up: an older one put back in its place is refused.

CREATE TABLE block_commissioned (
    area TEXT NOT NULL,
    serial INTEGER NOT NULL,
    signed_ms INTEGER NOT NULL, -- when the last step was proved
    taken_ms INTEGER NOT NULL,
    sha256 TEXT NOT NULL, -- of the file's canonical body
    PRIMARY KEY (area, serial)
) STRICT;
