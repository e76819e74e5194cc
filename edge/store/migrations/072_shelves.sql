-- Shelves with what they hold at most, and the kinds of boxes that stand on them.

CREATE TABLE shelf (
    code TEXT PRIMARY KEY,                 -- a slot code without its position
    area TEXT NOT NULL,
    width_mm INTEGER NOT NULL CHECK (width_mm > 0),
    height_mm INTEGER NOT NULL CHECK (height_mm > 0),
    load_g INTEGER NOT NULL CHECK (load_g > 0)
) STRICT, WITHOUT ROWID;

-- Weights are of a full box, for those that nobody weighed.
CREATE TABLE box_type (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    height_mm INTEGER NOT NULL CHECK (height_mm > 0),
    depth_mm INTEGER NOT NULL CHECK (depth_mm > 0),
    empty_g INTEGER NOT NULL CHECK (empty_g >= 0),
    g_per_mm INTEGER NOT NULL CHECK (g_per_mm >= 0) -- of thickness
) STRICT, WITHOUT ROWID;
INSERT INTO box_type (code, name, height_mm, depth_mm, empty_g, g_per_mm) VALUES
    ('archive', '档案盒', 310, 220, 200, 40), ('voucher', '凭证盒', 250, 145, 120, 22),
    ('photo', '照片盒', 320, 260, 250, 35), ('drawing', '图纸盒', 320, 240, 300, 45);

ALTER TABLE box ADD COLUMN type TEXT NOT NULL DEFAULT 'archive';
ALTER TABLE box ADD COLUMN weight_g INTEGER CHECK (weight_g BETWEEN 1 AND 100000); -- NULL: nobody weighed it
