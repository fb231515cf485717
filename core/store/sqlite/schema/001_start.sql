-- The first schema. Times are milliseconds since 1970; "no time" is 0, "no due" the largest integer.
PRAGMA application_id = 0x46514653;

-- The history: appended, never changed. hash = sha256(hash of the version before || data).
CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    type TEXT NOT NULL,
    actor TEXT NOT NULL,
    data TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX event_case ON event (case_id, version);

-- What the events leave of a case. Hot: one row is rewritten with every event, so long texts
-- stand in case_fields. series/serial are the number's parts: '羊调26-0001' is '羊调/26', 1.
CREATE TABLE casefile (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    head BLOB NOT NULL,
    number TEXT NOT NULL,
    series TEXT NOT NULL,
    serial INTEGER NOT NULL,
    flow TEXT NOT NULL,
    state TEXT NOT NULL,
    host TEXT,
    assignee TEXT,
    supervisor TEXT,
    origin TEXT,
    place_path TEXT,
    category TEXT,
    title TEXT,
    participants TEXT,
    mark TEXT,
    level INTEGER NOT NULL,
    opened_ms INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    closed_ms INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    wake_ms INTEGER,
    snapshot TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX case_number ON casefile (serial, series);
CREATE INDEX case_wake ON casefile (wake_ms) WHERE wake_ms IS NOT NULL;
CREATE INDEX case_due ON casefile (due_ms);
CREATE INDEX case_opened ON casefile (opened_ms);
CREATE INDEX case_place ON casefile (place_path);
CREATE INDEX case_open_host ON casefile (host, due_ms, assignee) WHERE closed_ms = 0;
CREATE INDEX case_open_supervisor ON casefile (supervisor, due_ms, assignee)
    WHERE closed_ms = 0 AND supervisor IS NOT NULL;
CREATE INDEX case_open_assignee ON casefile (assignee, due_ms)
    WHERE closed_ms = 0 AND assignee IS NOT NULL;

CREATE TABLE case_fields (
    case_id INTEGER PRIMARY KEY,
    fields TEXT NOT NULL
) STRICT;

-- Every body that ever had to do with a case. Narrows lists; the case row decides.
CREATE TABLE case_body (
    body TEXT NOT NULL,
    case_id INTEGER NOT NULL,
    PRIMARY KEY (body, case_id)
) STRICT, WITHOUT ROWID;

-- The last serial given out of each series of numbers.
CREATE TABLE counter (
    series TEXT PRIMARY KEY,
    serial INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Words of the events, as bigrams; rowid is the event's seq. The words themselves are not kept.
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 0');

-- Answers already given, by idempotency key. Rows are appended, so that only the small index of
-- keys is touched at random.
CREATE TABLE idempotency (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    user TEXT NOT NULL,
    method TEXT NOT NULL,
    params_hash BLOB NOT NULL,
    response TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX idempotency_key ON idempotency (key);

-- What the outside world is to be told.
CREATE TABLE effect (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_ms INTEGER NOT NULL,
    error TEXT,
    at_ms INTEGER NOT NULL,
    ended_ms INTEGER
) STRICT;
CREATE INDEX effect_pending ON effect (id) WHERE status = 'pending';
CREATE INDEX effect_failed ON effect (id) WHERE status = 'failed';

CREATE TABLE user (
    id TEXT PRIMARY KEY,
    password TEXT,
    disabled INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE token (
    hash TEXT PRIMARY KEY,
    user TEXT NOT NULL,
    device TEXT,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    used_ms INTEGER,
    revoked INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX token_user ON token (user);

-- Every version ever deployed: cases go on under theirs. deployed orders them.
CREATE TABLE flow (
    version TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    file TEXT,
    deployed_ms INTEGER NOT NULL,
    current INTEGER NOT NULL
) STRICT;
CREATE INDEX flow_id ON flow (id);

CREATE TABLE calendar (
    year INTEGER NOT NULL,
    version INTEGER NOT NULL,
    doc TEXT NOT NULL,
    loaded_ms INTEGER NOT NULL,
    PRIMARY KEY (year, version)
) STRICT, WITHOUT ROWID;

-- Organisation and terms: the newest row of a kind is the current one, the others its history.
CREATE TABLE reference (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    doc TEXT NOT NULL,
    hash TEXT,
    loaded_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX reference_kind ON reference (kind, id);

-- Acts that belong to no case. Chained like events: hash = sha256(hash before || data).
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT,
    data TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;

-- Read out of the events for reports, up to event report_state.seq; can be made again at any time.
CREATE TABLE report_clock (
    case_id INTEGER NOT NULL,
    clock TEXT NOT NULL,
    nth INTEGER NOT NULL,
    title TEXT,
    term TEXT,
    start_ms INTEGER,
    due_ms INTEGER,
    provisional INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL,
    late INTEGER NOT NULL DEFAULT 0,
    ended_ms INTEGER,
    PRIMARY KEY (case_id, clock, nth)
) STRICT, WITHOUT ROWID;
CREATE TABLE report_answer (
    case_id INTEGER PRIMARY KEY,
    host TEXT,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE report_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO report_state VALUES (1, 0);

-- One row that store_probe writes.
CREATE TABLE probe (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    count INTEGER NOT NULL
) STRICT;
INSERT INTO probe VALUES (1, 0);

PRAGMA user_version = 1;
