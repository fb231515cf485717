-- Contents that were ever attached to a case. A row stays when the attachment is taken away: the
-- history still names it. What has no row is swept from the folder of files.
CREATE TABLE attachment (
    hash TEXT NOT NULL,
    case_id INTEGER NOT NULL,
    PRIMARY KEY (hash, case_id)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 3;
