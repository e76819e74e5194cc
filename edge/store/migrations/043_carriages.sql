-- How much heavier one face of a carriage may be than the other: a shelf that leans runs off its rail.

CREATE TABLE carriage (
    area TEXT NOT NULL,
    column_no INTEGER NOT NULL,
    one_sided_g INTEGER NOT NULL CHECK (one_sided_g > 0),
    PRIMARY KEY (area, column_no)
) STRICT, WITHOUT ROWID;
