-- Series and their registers, what the standards describe beyond a title, cases, the fonds file, the site's own tables.

-- A class of a fonds 类别/目录, with the rule its numbers follow. ``parts``: which of year, retention, org are in them.
CREATE TABLE series (
    id TEXT PRIMARY KEY,
    fonds_no TEXT NOT NULL REFERENCES fonds (fonds_no),
    parent TEXT REFERENCES series (id),
    name TEXT NOT NULL,
    arrangement TEXT NOT NULL CHECK (arrangement IN ('item', 'volume', 'case')),
    number_rule TEXT NOT NULL CHECK (number_rule IN ('2015', '2022', '1994', 'case')),
    category TEXT NOT NULL,
    classes TEXT NOT NULL DEFAULT '',      -- below the category, joined by ·
    catalogue_no TEXT NOT NULL DEFAULT '',
    project_no TEXT NOT NULL DEFAULT '',
    parts TEXT NOT NULL DEFAULT '',
    retention TEXT NOT NULL DEFAULT '',
    loanable TEXT NOT NULL CHECK (loanable IN ('yes', 'view', 'scan')),
    item_width INTEGER NOT NULL CHECK (item_width BETWEEN 1 AND 6),
    file_width INTEGER NOT NULL CHECK (file_width BETWEEN 1 AND 6),
    UNIQUE (fonds_no, category, classes, catalogue_no)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX series_of_cases ON series (category) WHERE arrangement = 'case'; -- KH0001 names no fonds

-- One run of numbers. Open: they may still be given anew; sealed: each stands for ever.
CREATE TABLE register (
    id TEXT PRIMARY KEY,
    series_id TEXT NOT NULL REFERENCES series (id),
    year INTEGER NOT NULL,                 -- 0: its numbers name none
    retention TEXT NOT NULL,
    org TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'reviewed', 'sealed')),
    last_no INTEGER NOT NULL DEFAULT 0,    -- the highest number that was ever fixed
    reviewed_by TEXT NOT NULL DEFAULT '',
    reviewed_ms INTEGER,
    sealed_by TEXT NOT NULL DEFAULT '',
    sealed_ms INTEGER,
    gaps_reason TEXT NOT NULL DEFAULT '',
    UNIQUE (series_id, year, retention, org)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_file (
    id TEXT PRIMARY KEY,
    series_id TEXT NOT NULL REFERENCES series (id),
    no INTEGER NOT NULL,
    case_no TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    department TEXT NOT NULL DEFAULT '',
    opened TEXT NOT NULL DEFAULT '',
    closed_event TEXT NOT NULL DEFAULT '', -- cooperation_ended, project_ended, left, other
    closed_on TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'void')),
    UNIQUE (series_id, no)
) STRICT, WITHOUT ROWID;

-- Scattered on the shelves, one case all the same.
CREATE TABLE case_link (
    case_id TEXT NOT NULL REFERENCES case_file (id),
    kind TEXT NOT NULL CHECK (kind IN ('item', 'volume', 'box')),
    subject TEXT NOT NULL,
    PRIMARY KEY (case_id, kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_wanted (
    series_id TEXT NOT NULL REFERENCES series (id),
    line INTEGER NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (series_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_present (
    case_id TEXT NOT NULL REFERENCES case_file (id),
    line INTEGER NOT NULL,
    PRIMARY KEY (case_id, line)
) STRICT, WITHOUT ROWID;

-- ``seq``: the number within the register, the volume or the case. Without one the number is as somebody else gave it.
ALTER TABLE item ADD COLUMN register_id TEXT REFERENCES register (id);
ALTER TABLE item ADD COLUMN case_id TEXT REFERENCES case_file (id);
ALTER TABLE item ADD COLUMN seq INTEGER;
ALTER TABLE item ADD COLUMN merged_into TEXT;
ALTER TABLE volume ADD COLUMN register_id TEXT REFERENCES register (id);
ALTER TABLE volume ADD COLUMN seq INTEGER;
CREATE UNIQUE INDEX item_in_register ON item (register_id, seq) WHERE register_id IS NOT NULL;
CREATE UNIQUE INDEX item_in_case ON item (case_id, seq) WHERE case_id IS NOT NULL;
CREATE UNIQUE INDEX item_in_volume ON item (volume_id, seq)
    WHERE seq IS NOT NULL AND volume_id IS NOT NULL AND register_id IS NULL AND case_id IS NULL;
CREATE UNIQUE INDEX volume_in_register ON volume (register_id, seq) WHERE register_id IS NOT NULL;

CREATE TRIGGER sealed_item_number BEFORE UPDATE OF ref_code, ref_key, register_id, seq ON item
WHEN OLD.seq IS NOT NULL AND EXISTS (
    SELECT 1 FROM register WHERE state = 'sealed' AND id = coalesce(
        OLD.register_id, (SELECT register_id FROM volume WHERE id = OLD.volume_id)
    )
)
BEGIN
    SELECT RAISE (ABORT, 'a sealed number is never changed');
END;

CREATE TRIGGER sealed_volume_number BEFORE UPDATE OF ref_code, ref_key, register_id, seq ON volume
WHEN EXISTS (SELECT 1 FROM register WHERE state = 'sealed' AND id = OLD.register_id)
BEGIN
    SELECT RAISE (ABORT, 'a sealed number is never changed');
END;

CREATE TRIGGER numbered_item_stays BEFORE DELETE ON item WHEN OLD.seq IS NOT NULL
BEGIN
    SELECT RAISE (ABORT, 'what was numbered is voided, never deleted');
END;

CREATE TRIGGER sealed_register_stays BEFORE UPDATE OF state ON register WHEN OLD.state = 'sealed' AND NEW.state <> 'sealed'
BEGIN
    SELECT RAISE (ABORT, 'a seal is never broken');
END;

CREATE TABLE item_description (
    item_no INTEGER PRIMARY KEY REFERENCES item (no),
    org TEXT NOT NULL DEFAULT '',
    parallel_title TEXT NOT NULL DEFAULT '',
    sub_title TEXT NOT NULL DEFAULT '',
    secret_mark TEXT NOT NULL DEFAULT '',
    secret_until TEXT NOT NULL DEFAULT '',
    publicity TEXT NOT NULL DEFAULT '',
    open_status TEXT NOT NULL DEFAULT '',
    start_page INTEGER,
    end_page INTEGER,
    draft TEXT NOT NULL DEFAULT '',
    document_type TEXT NOT NULL DEFAULT '',
    attachments TEXT NOT NULL DEFAULT '',
    persons TEXT NOT NULL DEFAULT '',
    keywords TEXT NOT NULL DEFAULT '',
    class_no TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    carrier TEXT NOT NULL DEFAULT '',
    creation TEXT NOT NULL DEFAULT '',
    extent TEXT NOT NULL DEFAULT '',
    microfilm_no TEXT NOT NULL DEFAULT '',
    originals TEXT NOT NULL DEFAULT '',
    copies TEXT NOT NULL DEFAULT '',
    handling TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT '',
    drafter TEXT NOT NULL DEFAULT '',
    drafted_on TEXT NOT NULL DEFAULT '',
    version TEXT NOT NULL DEFAULT '',
    important INTEGER NOT NULL DEFAULT 0 CHECK (important IN (0, 1)),
    filed_on TEXT NOT NULL DEFAULT '',
    event_on TEXT NOT NULL DEFAULT '',     -- the event that the retention of its class waits for
    described_by TEXT NOT NULL,
    described_ms INTEGER NOT NULL,
    late INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1)) -- came after its year was sealed
) STRICT;

CREATE TABLE volume_description (
    volume_no INTEGER PRIMARY KEY REFERENCES volume (no),
    start_date TEXT NOT NULL DEFAULT '',
    end_date TEXT NOT NULL DEFAULT '',
    responsible TEXT NOT NULL DEFAULT '',
    year INTEGER,
    retention TEXT NOT NULL DEFAULT '',
    pages INTEGER,
    open_status TEXT NOT NULL DEFAULT '',
    secret_mark TEXT NOT NULL DEFAULT '',
    carrier TEXT NOT NULL DEFAULT '',
    bound INTEGER NOT NULL DEFAULT 0 CHECK (bound IN (0, 1)),
    note TEXT NOT NULL DEFAULT '',         -- 卷内备考表
    compiled_by TEXT NOT NULL DEFAULT '',
    compiled_on TEXT NOT NULL DEFAULT '',
    checked_by TEXT NOT NULL DEFAULT '',
    checked_on TEXT NOT NULL DEFAULT '',
    remark TEXT NOT NULL DEFAULT '',
    described_by TEXT NOT NULL,
    described_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE fonds_description (
    fonds_no TEXT PRIMARY KEY REFERENCES fonds (fonds_no),
    unit TEXT NOT NULL DEFAULT '',
    archive_code TEXT NOT NULL DEFAULT '',
    start_date TEXT NOT NULL DEFAULT '',
    end_date TEXT NOT NULL DEFAULT '',
    responsible TEXT NOT NULL DEFAULT '',
    custody TEXT NOT NULL DEFAULT '',
    unit_history TEXT NOT NULL DEFAULT '',
    scope TEXT NOT NULL DEFAULT '',
    arrangement TEXT NOT NULL DEFAULT '',
    described_by TEXT NOT NULL,
    described_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The fonds file 全宗卷: papers about the fonds itself, by kind.
CREATE TABLE fonds_paper (
    id TEXT PRIMARY KEY,
    fonds_no TEXT NOT NULL REFERENCES fonds (fonds_no),
    kind TEXT NOT NULL CHECK (
        kind IN ('about', 'intake', 'arrangement', 'appraisal', 'keeping', 'statistics', 'use', 'technology')
    ),
    no INTEGER NOT NULL,
    title TEXT NOT NULL,
    date TEXT NOT NULL DEFAULT '',
    responsible TEXT NOT NULL DEFAULT '',
    pages INTEGER,
    remark TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('registered', 'void')),
    UNIQUE (fonds_no, kind, no)
) STRICT, WITHOUT ROWID;

-- Who may work in a fonds; a fonds that names nobody is everybody's.
CREATE TABLE fonds_right (
    fonds_no TEXT NOT NULL REFERENCES fonds (fonds_no),
    person_id TEXT NOT NULL,
    PRIMARY KEY (fonds_no, person_id)
) STRICT, WITHOUT ROWID;

-- Secret levels 密级 of this site and the clearance each needs. What is merely internal is no secret.
CREATE TABLE secret_level (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    clearance TEXT NOT NULL CHECK (clearance IN ('confidential', 'secret', 'top_secret')),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO secret_level (code, name, clearance) VALUES
    ('core_business', '核心商密', 'secret'), ('business', '普通商密', 'confidential'),
    ('top_secret', '绝密', 'top_secret'), ('secret', '机密', 'secret'), ('confidential', '秘密', 'confidential');

CREATE TABLE retention_class (
    code TEXT PRIMARY KEY,
    years INTEGER CHECK (years BETWEEN 1 AND 200), -- NULL: for ever
    counts_from TEXT NOT NULL CHECK (counts_from IN ('filing', 'year_end', 'event')),
    then_do TEXT NOT NULL CHECK (then_do IN ('keep', 'appraise', 'destroy', 'transfer')),
    basis TEXT NOT NULL DEFAULT '',
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO retention_class (code, years, counts_from, then_do, basis) VALUES
    ('Y', NULL, 'year_end', 'keep', '国家档案局令第8号'), ('D30', 30, 'year_end', 'appraise', '国家档案局令第8号'),
    ('D10', 10, 'year_end', 'appraise', '国家档案局令第8号'), ('C', 50, 'year_end', 'appraise', '2006年前的长期'),
    ('D5', 5, 'filing', 'appraise', '中期'), ('D3', 3, 'filing', 'appraise', '短期');

-- The site's own category codes beside those of DA/T 13-2022.
CREATE TABLE category_code (code TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Boxes whose spine says what is no longer so.
CREATE TABLE label_reprint (
    box_id TEXT PRIMARY KEY REFERENCES box (id),
    why TEXT NOT NULL,
    since_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
