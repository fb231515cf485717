-- Cases that belong together, and bodies that were asked something inside a case.

-- One lineage: the first case and every one that came from it. A case alone has no row.
CREATE TABLE lineage (
    case_id INTEGER PRIMARY KEY,
    root INTEGER NOT NULL
) STRICT;
CREATE INDEX lineage_root ON lineage (root, case_id);

-- Bodies with an open task in a case: it stands on their desks too.
CREATE TABLE asked (
    body TEXT NOT NULL,
    case_id INTEGER NOT NULL,
    PRIMARY KEY (body, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX asked_case ON asked (case_id);

-- Letters between cases are read after every commit that writes one.
CREATE INDEX effect_letter ON effect (id) WHERE status = 'pending' AND kind = 'letter';

PRAGMA user_version = 2;
