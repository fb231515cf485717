-- Cases that belong together, and bodies that were asked something inside a case.

-- One lineage: the first case and every one that came from it. A case alone has no row.
CREATE TABLE lineage (
    case_id INTEGER PRIMARY KEY,
    root INTEGER NOT NULL
) STRICT;
CREATE INDEX lineage_root ON lineage (root, case_id);

-- What a body, or one person of it, was asked in a case and has not answered: the case stands on
-- their desk too, by the date of the task.
CREATE TABLE asked (
    case_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    user TEXT,
    due_ms INTEGER NOT NULL,
    item TEXT NOT NULL,
    PRIMARY KEY (case_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX asked_body ON asked (body, due_ms, case_id);

-- Letters between cases are read after every commit that writes one.
CREATE INDEX effect_letter ON effect (id) WHERE status = 'pending' AND kind = 'letter';

PRAGMA user_version = 2;
