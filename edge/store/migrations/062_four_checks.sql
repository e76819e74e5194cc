-- 四性检测 of each original on arrival, and of all scans again and again (fixity).
CREATE TABLE scan_check (
    file_id TEXT PRIMARY KEY REFERENCES scan_file (id),
    report TEXT NOT NULL -- JSON, edge/domain/four_checks.py
) STRICT;
