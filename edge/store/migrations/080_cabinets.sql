-- Labels of cabinets: one for each face 面 of a column, made when it is first printed.

CREATE TABLE cabinet (
    code TEXT PRIMARY KEY, -- the beginning of its slots' codes: B1-A-03-R
    label TEXT NOT NULL UNIQUE,
    area TEXT NOT NULL,
    column_no INTEGER NOT NULL,
    face TEXT NOT NULL CHECK (face IN ('L', 'R'))
) STRICT, WITHOUT ROWID;
