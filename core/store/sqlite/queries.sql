-- All SQL the store runs. Cut at the marks by embed.cmake: "name" is one prepared statement,
-- "script" is run whole, "part" is text that {its name} stands for below.
--
-- Questions bind parameters by name from JSON arguments (:x_json takes a value as JSON text) and
-- turn rows into objects by column name: a name that ends in ? becomes true or false, one that
-- ends in {} is JSON text parsed, a BLOB is given as hex, NULL is left out.

-- script: open_writer
PRAGMA trusted_schema = OFF;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA mmap_size = 0;
PRAGMA wal_autocheckpoint = 0;
PRAGMA journal_size_limit = 67108864;
PRAGMA cache_size = -65536;
PRAGMA temp_store = MEMORY;

-- script: open_reader
PRAGMA trusted_schema = OFF;
PRAGMA query_only = ON;
PRAGMA mmap_size = 0;
PRAGMA wal_autocheckpoint = 0;
PRAGMA cache_size = -16384;
PRAGMA temp_store = MEMORY;

-- script: begin
BEGIN IMMEDIATE;

-- script: commit
COMMIT;

-- script: rollback
ROLLBACK;

-- script: begin_read
BEGIN;

-- script: identify
SELECT (SELECT application_id FROM pragma_application_id) AS application_id,
    (SELECT user_version FROM pragma_user_version) AS version,
    (SELECT count(*) FROM sqlite_schema) AS objects;

-- script: quick_check
PRAGMA quick_check (1);

-- script: open_still
PRAGMA trusted_schema = OFF;
PRAGMA query_only = ON;
PRAGMA mmap_size = 0;
PRAGMA cache_size = -16384;

-- script: open_copy
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA mmap_size = 0;
PRAGMA cache_size = -2048;

-- script: forget_report
BEGIN IMMEDIATE;
DELETE FROM report_clock;
DELETE FROM report_answer;
UPDATE report_state SET seq = 0;
COMMIT;

-- The writer ------------------------------------------------------------------------------------

-- name: last_seq
SELECT coalesce(max(seq), 0) FROM event;

-- name: idempotency_find
SELECT user, method, params_hash, response FROM idempotency WHERE key = ?1;

-- name: idempotency_insert
INSERT INTO idempotency (key, user, method, params_hash, response, at_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: idempotency_expire
DELETE FROM idempotency WHERE id IN (SELECT id FROM idempotency ORDER BY id LIMIT 500)
    AND at_ms < (SELECT at_ms FROM idempotency ORDER BY id DESC LIMIT 1) - ?1;

-- name: event_insert
INSERT INTO event (seq, case_id, version, at_ms, type, actor, data, hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- name: case_insert
INSERT INTO casefile (id, version, head, state, category, title, participants, mark, level,
    received_ms, changed_ms, snapshot, host, assignee, supervisor, closed_ms, due_ms, wake_ms,
    number, series, serial, flow, origin, place_path, opened_ms, parties, listed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
    ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)
ON CONFLICT DO NOTHING;

-- name: case_update
UPDATE casefile SET version = ?2, head = ?3, state = ?4, category = ?5, title = ?6,
    participants = ?7, mark = ?8, level = ?9, received_ms = ?10, changed_ms = ?11, snapshot = ?12,
    parties = ?26, listed = ?27
WHERE id = ?1 AND version = ?2 - 1 AND host IS ?13 AND assignee IS ?14 AND supervisor IS ?15
    AND closed_ms = ?16 AND due_ms = ?17 AND wake_ms IS ?18 AND (?19 IS NULL OR head = ?19);

-- name: case_update_indexed
UPDATE casefile SET version = ?2, head = ?3, state = ?4, category = ?5, title = ?6,
    participants = ?7, mark = ?8, level = ?9, received_ms = ?10, changed_ms = ?11, snapshot = ?12,
    host = ?13, assignee = ?14, supervisor = ?15, closed_ms = ?16, due_ms = ?17, wake_ms = ?18,
    parties = ?26, listed = ?27
WHERE id = ?1 AND version = ?2 - 1 AND (?19 IS NULL OR head = ?19);

-- name: case_move
UPDATE casefile SET place_path = ?2, origin = ?3
WHERE id = ?1 AND (place_path IS NOT ?2 OR origin IS NOT ?3);

-- name: fields_put
INSERT INTO case_fields (case_id, fields) VALUES (?1, ?2)
ON CONFLICT (case_id) DO UPDATE SET fields = excluded.fields;

-- name: case_body_put
INSERT OR IGNORE INTO case_body (body, case_id) VALUES (?1, ?2);

-- name: lineage_put
INSERT INTO lineage (case_id, root) VALUES (?1, ?2)
ON CONFLICT (case_id) DO UPDATE SET root = excluded.root;

-- name: asked_clear
DELETE FROM asked WHERE case_id = ?1;

-- name: asked_put
INSERT INTO asked (case_id, id, body, user, due_ms, item)
SELECT ?1, value ->> 'id', value ->> 'body', value ->> 'user',
    coalesce(value ->> 'due_ms', 9223372036854775807), value FROM json_each(?2);

-- name: attachment_put
INSERT OR IGNORE INTO attachment (hash, case_id) VALUES (?1, ?2);

-- name: counter_raise
INSERT INTO counter (series, serial) VALUES (?1, ?2)
ON CONFLICT (series) DO UPDATE SET serial = max(serial, excluded.serial);

-- name: counter_get
SELECT serial FROM counter WHERE series = ?1;

-- name: search_insert
INSERT INTO search (rowid, words) VALUES (?1, ?2);

-- name: effect_insert
INSERT INTO effect (seq, case_id, kind, data, next_ms, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?5);

-- name: effect_last
SELECT coalesce(max(id), 0) FROM effect;

-- name: effect_seq
SELECT seq FROM effect WHERE id >= ?1 ORDER BY id LIMIT 1;

-- name: effect_waits
SELECT 1 FROM effect WHERE id = ?1 AND status <> 'done';

-- name: effect_withdraw
UPDATE effect SET status = 'done', ended_ms = ?2, error = 'withdrawn'
WHERE id = ?1 AND status <> 'done';

-- name: audit_head
SELECT hash FROM audit ORDER BY id DESC LIMIT 1;

-- name: audit_insert
INSERT INTO audit (at_ms, actor, act, subject, data, hash)
VALUES (:at_ms, :actor, :act, :subject, :line, :hash);

-- name: probe_write
UPDATE probe SET count = count + 1;

-- Records ---------------------------------------------------------------------------------------

-- name: user_put
INSERT INTO user (id, password, disabled) VALUES (:id, :password, coalesce(:disabled, 0))
ON CONFLICT (id) DO UPDATE SET password = coalesce(:password, password),
    disabled = coalesce(:disabled, disabled);

-- name: token_insert
INSERT INTO token (hash, user, device, created_ms, expires_ms)
VALUES (:hash, :user, :device, :created_ms, :expires_ms);

-- name: token_used
UPDATE token SET used_ms = :used_ms WHERE hash = :hash;

-- name: token_revoke
UPDATE token SET revoked = 1 WHERE hash = :hash OR user = :user;

-- name: flow_retire
UPDATE flow SET current = 0 WHERE id = :id;

-- name: flow_put
INSERT INTO flow (version, id, source, file, deployed_ms, current)
VALUES (:version, :id, :source, :file, :deployed_ms, 1)
ON CONFLICT (version) DO UPDATE SET current = 1, deployed_ms = excluded.deployed_ms;

-- name: calendar_put
INSERT INTO calendar (year, version, doc, loaded_ms) VALUES (:year, :version, :doc_json, :loaded_ms)
ON CONFLICT (year, version) DO UPDATE SET doc = excluded.doc, loaded_ms = excluded.loaded_ms;

-- name: org_put
INSERT INTO reference (kind, doc, hash, loaded_ms)
SELECT 'org', :doc_json, :hash, :loaded_ms WHERE :hash IS NULL OR :hash IS NOT
    (SELECT hash FROM reference WHERE kind = 'org' ORDER BY id DESC LIMIT 1);

-- name: terms_put
INSERT INTO reference (kind, doc, hash, loaded_ms)
SELECT 'terms', :doc_json, :hash, :loaded_ms WHERE :hash IS NULL OR :hash IS NOT
    (SELECT hash FROM reference WHERE kind = 'terms' ORDER BY id DESC LIMIT 1);

-- name: effect_done
UPDATE effect SET status = 'done', ended_ms = :at_ms, error = NULL WHERE id = :id;

-- name: effect_retry
UPDATE effect SET attempts = attempts + 1, next_ms = :next_ms, error = :error
WHERE id = :id AND status = 'pending';

-- name: effect_failed
UPDATE effect SET status = 'failed', attempts = attempts + 1, ended_ms = :at_ms, error = :error
WHERE id = :id AND status = 'pending';

-- name: effect_again
UPDATE effect SET status = 'pending', next_ms = :next_ms, ended_ms = NULL
WHERE id = :id AND status = 'failed';

-- Questions: start-up and single rows -----------------------------------------------------------

-- name: meta
SELECT (SELECT user_version FROM pragma_user_version) AS schema,
    (SELECT coalesce(max(seq), 0) FROM event) AS last_seq,
    (SELECT coalesce(max(id), 0) FROM casefile) AS last_case,
    (SELECT json_group_object(series, serial) FROM counter) AS "counters{}";

-- name: case_by_id
SELECT c.id, c.snapshot AS "snapshot{}", f.fields AS "fields{}"
FROM casefile c LEFT JOIN case_fields f ON f.case_id = c.id WHERE c.id = :id;

-- name: case_by_number
SELECT id, number FROM casefile WHERE serial = :serial AND series = :series;

-- name: case_by_suffix
SELECT id, number FROM casefile WHERE serial = :serial
    AND (:series = '' OR substr(series, -length(:series)) = :series)
ORDER BY id DESC LIMIT 11;

-- name: due
SELECT id AS "case", wake_ms FROM casefile WHERE wake_ms IS NOT NULL AND wake_ms <= :until_ms
ORDER BY wake_ms, id LIMIT :limit;

-- name: open_clocks
SELECT id FROM casefile WHERE id > :after_case
    AND (wake_ms IS NOT NULL OR (closed_ms = 0 AND due_ms < 9223372036854775807))
ORDER BY id LIMIT :limit;

-- name: key
SELECT user, method, params_hash, response FROM idempotency WHERE key = :key;

-- name: user
SELECT id, password, disabled AS "disabled?" FROM user WHERE id = :id;

-- name: users
SELECT id, disabled AS "disabled?", password IS NOT NULL AS "has_password?" FROM user ORDER BY id;

-- name: token
SELECT user, device, created_ms, expires_ms, used_ms, revoked AS "revoked?"
FROM token WHERE hash = :hash;

-- name: tokens
SELECT device, created_ms, expires_ms, used_ms, revoked AS "revoked?"
FROM token WHERE user = :user ORDER BY created_ms, hash;

-- name: flows
SELECT id, version, file, deployed_ms, current AS "current?", source
FROM flow ORDER BY id, deployed_ms, rowid;

-- name: calendars
SELECT year, version, doc AS "doc{}" FROM calendar c
WHERE version = (SELECT max(version) FROM calendar n WHERE n.year = c.year) ORDER BY year;

-- name: reference
SELECT doc AS "doc{}", hash FROM reference WHERE kind = :kind ORDER BY id DESC LIMIT 1;

-- name: history
SELECT seq, version, at_ms, type, actor, data AS "data{}", hash FROM event
WHERE case_id = :case AND version > coalesce(:after, 0) ORDER BY version LIMIT :limit;

-- name: events
SELECT e.seq, e.case_id AS "case", c.number, c.flow, e.version, e.at_ms, e.type, e.actor,
    e.data AS "data{}", c.host, c.origin, c.supervisor, c.participants, c.place_path,
    c.title IS NULL AS "sealed?", (SELECT json_group_array(body) FROM asked a
        WHERE a.case_id = c.id AND c.title IS NOT NULL) AS "asked{}"
FROM event e JOIN casefile c ON c.id = e.case_id
WHERE e.seq > :since ORDER BY e.seq LIMIT :limit;

-- name: stat
SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size) AS bytes,
    (SELECT coalesce(max(id), 0) FROM casefile) AS last_case,
    (SELECT count(*) FROM casefile INDEXED BY case_number) AS cases,
    (SELECT count(*) FROM casefile INDEXED BY case_open_host WHERE closed_ms = 0) AS open_cases,
    (SELECT coalesce(max(seq), 0) FROM event) AS events,
    (SELECT count(*) FROM effect WHERE status = 'pending') AS effects_pending,
    (SELECT count(*) FROM effect WHERE status = 'failed') AS effects_failed,
    (SELECT seq FROM report_state) AS report_seq;

-- part: effect_status
iif(e.status = 'done' AND e.error IS NOT NULL, 'withdrawn', e.status) AS status

-- part: effect_columns
e.id, e.case_id AS "case", c.number, e.seq, e.kind, e.data AS "data{}", {effect_status}, e.attempts,
    e.next_ms, e.error, e.at_ms
FROM effect e JOIN casefile c ON c.id = e.case_id
WHERE e.id > coalesce(:after, 0) AND (:due_ms IS NULL OR e.next_ms <= :due_ms)
    AND (:kind IS NULL OR e.kind = :kind)

-- name: effects_pending
SELECT {effect_columns} AND e.status = 'pending' ORDER BY e.id LIMIT :limit;

-- name: effects_failed
SELECT {effect_columns} AND e.status = 'failed' ORDER BY e.id LIMIT :limit;

-- name: effects_any
SELECT {effect_columns} AND (:status IS NULL OR e.status = :status) ORDER BY e.id LIMIT :limit;

-- name: attached
SELECT h.value AS hash FROM json_each(:hashes_json) h
WHERE EXISTS (SELECT 1 FROM attachment a WHERE a.hash = h.value);

-- name: holders
SELECT case_id AS "case" FROM attachment WHERE hash = :hash ORDER BY case_id DESC LIMIT :limit;

-- name: effects_between
SELECT e.id, e.kind, e.data AS "data{}", {effect_status} FROM effect e
WHERE e.id >= :from AND e.id < :to ORDER BY e.id;

-- name: letters
SELECT id, case_id AS "case", data AS "data{}" FROM effect
WHERE status = 'pending' AND kind = 'letter' AND id > coalesce(:after, 0) ORDER BY id LIMIT :limit;

-- Whether columns beside the content say something else than it. A content that is no JSON is told
-- by its hash.
-- part: event_differs
iif(json_valid(data), coalesce(data ->> '$.type' <> type, 0) OR coalesce(data ->> '$.actor' <> actor, 0)
    OR coalesce(data ->> '$.at' <> at_ms, 0), 0)

-- name: verify_events
SELECT seq, version, CAST(data AS BLOB), hash, {event_differs} FROM event
WHERE case_id = :case ORDER BY version;

-- name: verify_case
SELECT version, head, iif(json_valid(snapshot), json_extract(snapshot, '$.version'), -1)
FROM casefile WHERE id = :case;

-- The proof of the whole history: by seq, by case, and of the audit ---------------------------------

-- What should be there: the last event, and the last one that something else speaks of.
-- name: proof_ends
SELECT (SELECT coalesce(max(seq), 0) FROM event),
    max((SELECT seq FROM report_state),
        coalesce((SELECT seq FROM effect ORDER BY id DESC LIMIT 1), 0)),
    (SELECT user_version FROM pragma_user_version);

-- name: proof_events
SELECT seq, case_id, version, hash FROM event WHERE seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3;

-- The next case that has a row, or an event.
-- name: proof_case
SELECT min(id) FROM (SELECT min(id) AS id FROM casefile WHERE id > ?1
    UNION ALL SELECT min(case_id) FROM event WHERE case_id > ?1);

-- name: proof_number
SELECT number FROM casefile WHERE id = ?1;

-- name: proof_audit
SELECT id, CAST(data AS BLOB), hash, iif(json_valid(data), data ->> '$.at_ms' <> at_ms
        OR data ->> '$.actor' <> actor OR data ->> '$.act' <> act
        OR data ->> '$.subject' IS NOT subject, 0)
FROM audit WHERE id > ?1 ORDER BY id LIMIT ?2;

-- name: proof_bytes
SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size);

-- name: contents
SELECT DISTINCT hash FROM attachment WHERE hash > ?1 ORDER BY hash LIMIT ?2;

-- Questions: lists -------------------------------------------------------------------------------
-- A list has two plans. "walk" follows the index of its order and drops what does not fit; "near"
-- collects the few cases near some bodies and places first, then sorts. lists.c chooses. key_ is
-- the place in the order that a cursor remembers.

-- part: case_columns
c.id, c.number, c.flow, c.state, c.title, c.host, c.assignee, c.supervisor, c.origin,
    c.place_path, c.category, c.level, c.mark, c.parties, nullif(c.listed, 0) AS "listed?", c.version, c.opened_ms, c.received_ms,
    c.changed_ms, nullif(c.closed_ms, 0) AS closed_ms,
    nullif(c.due_ms, 9223372036854775807) AS due_ms

-- part: visible
(:all OR EXISTS (SELECT 1 FROM json_each(:bodies_json) b
        WHERE b.value IN (c.host, c.supervisor, c.origin)
            OR instr(c.participants, ' ' || b.value || ' ') > 0)
    OR EXISTS (SELECT 1 FROM json_each(:paths_json) p
        WHERE substr(c.place_path, 1, length(p.value)) = p.value))

-- part: wanted
(:state IS NULL OR c.state = :state)
    AND (:flow IS NULL OR c.flow = :flow)
    AND (:host IS NULL OR c.host = :host)
    AND (:assignee IS NULL OR c.assignee = :assignee)
    AND (:place_path IS NULL OR substr(c.place_path, 1, length(:place_path)) = :place_path)
    AND (:category IS NULL OR c.category = :category
        OR substr(c.category, 1, length(:category) + 1) = :category || '/')
    AND (:open IS NULL OR (c.closed_ms = 0) = :open)
    AND (:late_ms IS NULL OR (c.closed_ms = 0 AND c.due_ms < :late_ms))
    AND (:mark IS NULL OR c.mark = :mark)
    AND (:listed IS NULL OR c.listed = :listed)
    AND (:since_ms IS NULL OR c.changed_ms >= :since_ms)
    AND {visible}

-- part: near
(SELECT case_id AS id FROM case_body
        WHERE body IN (SELECT value FROM json_each(:near_bodies_json))
    UNION SELECT n.id FROM json_each(:near_paths_json) p
        JOIN casefile n ON n.place_path >= p.value AND n.place_path < p.value || char(1114111))

-- name: near_count
SELECT count(*) FROM (
    SELECT case_id FROM case_body WHERE body IN (SELECT value FROM json_each(:near_bodies_json))
    UNION ALL SELECT n.id FROM json_each(:near_paths_json) p
        JOIN casefile n ON n.place_path >= p.value AND n.place_path < p.value || char(1114111)
    LIMIT :near_max + 1);

-- name: walk_due
SELECT {case_columns}, c.due_ms AS key_ FROM casefile c INDEXED BY case_due
WHERE (c.due_ms, c.id) > (:key, :id) AND {wanted}
ORDER BY c.due_ms, c.id LIMIT :limit;

-- name: walk_opened
SELECT {case_columns}, c.opened_ms AS key_ FROM casefile c INDEXED BY case_opened
WHERE (c.opened_ms, c.id) < (:key, :id) AND {wanted}
ORDER BY c.opened_ms DESC, c.id DESC LIMIT :limit;

-- name: walk_changed
SELECT {case_columns}, e.seq AS key_
FROM event e CROSS JOIN casefile c ON c.id = e.case_id AND c.version = e.version
WHERE e.seq < :key AND {wanted}
ORDER BY e.seq DESC LIMIT :limit;

-- name: near_due
SELECT {case_columns}, c.due_ms AS key_ FROM {near} m CROSS JOIN casefile c ON c.id = m.id
WHERE (c.due_ms, c.id) > (:key, :id) AND {wanted}
ORDER BY c.due_ms, c.id LIMIT :limit;

-- name: near_opened
SELECT {case_columns}, c.opened_ms AS key_ FROM {near} m CROSS JOIN casefile c ON c.id = m.id
WHERE (c.opened_ms, c.id) < (:key, :id) AND {wanted}
ORDER BY c.opened_ms DESC, c.id DESC LIMIT :limit;

-- name: near_changed
SELECT {case_columns}, e.seq AS key_ FROM {near} m CROSS JOIN casefile c ON c.id = m.id
    CROSS JOIN event e ON e.case_id = c.id AND e.version = c.version
WHERE e.seq < :key AND {wanted}
ORDER BY e.seq DESC LIMIT :limit;

-- name: lineage
SELECT {case_columns}, l.root, {visible} AS "readable?" FROM casefile c LEFT JOIN lineage l ON l.case_id = c.id
WHERE c.id IN (SELECT m.id FROM casefile m
    WHERE m.id IN (SELECT case_id FROM lineage WHERE root IN (SELECT value FROM json_each(:roots_json))
        UNION SELECT value FROM json_each(:ids_json))
    ORDER BY m.closed_ms = 0 DESC, m.id DESC LIMIT :limit)
ORDER BY c.id;

-- name: matches_by_name
SELECT {case_columns}, {visible} AS "readable?" FROM casefile c
WHERE c.title IS NOT NULL AND c.id <> :case AND c.opened_ms >= :since_ms AND c.id IN (
    SELECT e.case_id FROM search CROSS JOIN event e ON e.seq = search.rowid
    WHERE search MATCH :query ORDER BY search.rowid DESC LIMIT :limit)
LIMIT :limit;

-- name: matches_by_place
SELECT {case_columns}, {visible} AS "readable?" FROM casefile c
WHERE c.title IS NOT NULL AND c.id <> :case AND c.opened_ms >= :since_ms
    AND :place <> '' AND c.place_path = :place
ORDER BY c.opened_ms DESC LIMIT :limit;

-- name: walk_total
SELECT count(*) AS total FROM casefile c WHERE {wanted};

-- name: near_total
SELECT count(*) AS total FROM {near} m CROSS JOIN casefile c ON c.id = m.id WHERE {wanted};

-- part: mine
body IN (SELECT value FROM json_each(:bodies_json)) AND (user IS NULL OR user = :user)

-- part: not_sooner
NOT EXISTS (SELECT 1 FROM asked a WHERE a.case_id = m.id AND a.due_ms < m.due_ms AND {mine})

-- name: inbox
SELECT {case_columns}, m.key AS key_, (SELECT item FROM asked a WHERE a.case_id = c.id AND {mine}
        ORDER BY a.due_ms, a.id LIMIT 1) AS "task{}" FROM (
    SELECT * FROM (SELECT m.id, m.due_ms AS key FROM json_each(:bodies_json) b
            CROSS JOIN casefile m INDEXED BY case_open_host ON m.host = b.value
        WHERE m.closed_ms = 0 AND (m.assignee IS NULL OR m.assignee = :user)
            AND (m.due_ms, m.id) > (:key, :id) AND {not_sooner}
        ORDER BY m.due_ms, m.id LIMIT :limit)
    UNION
    SELECT * FROM (SELECT m.id, m.due_ms FROM json_each(:bodies_json) b CROSS JOIN casefile m
            INDEXED BY case_open_supervisor ON m.supervisor = b.value
        WHERE m.closed_ms = 0 AND m.supervisor IS NOT NULL
            AND (m.assignee IS NULL OR m.assignee = :user)
            AND (m.due_ms, m.id) > (:key, :id) AND {not_sooner}
        ORDER BY m.due_ms, m.id LIMIT :limit)
    UNION
    SELECT * FROM (SELECT m.id, m.due_ms FROM casefile m INDEXED BY case_open_assignee
        WHERE m.assignee = :user AND m.closed_ms = 0 AND (m.due_ms, m.id) > (:key, :id)
            AND {not_sooner}
        ORDER BY m.due_ms, m.id LIMIT :limit)
    UNION
    SELECT * FROM (SELECT t.case_id, t.due_ms FROM json_each(:bodies_json) b
            CROSS JOIN asked t INDEXED BY asked_body ON t.body = b.value
            CROSS JOIN casefile m ON m.id = t.case_id
        WHERE (t.due_ms, t.case_id) > (:key, :id) AND (t.user IS NULL OR t.user = :user)
            AND m.closed_ms = 0
            AND NOT EXISTS (SELECT 1 FROM asked a WHERE a.case_id = t.case_id
                AND (a.due_ms, a.id) < (t.due_ms, t.id) AND {mine})
            AND NOT (m.due_ms <= t.due_ms AND (m.assignee = :user OR (m.assignee IS NULL
                AND (m.host IN (SELECT value FROM json_each(:bodies_json))
                    OR m.supervisor IN (SELECT value FROM json_each(:bodies_json))))) IS TRUE)
        ORDER BY t.due_ms, t.case_id LIMIT :limit)
) m CROSS JOIN casefile c ON c.id = m.id
ORDER BY m.key, c.id LIMIT :limit;

-- name: search_hits
SELECT {case_columns}, e.seq AS key_, json_object('seq', e.seq, 'version', e.version,
    'at_ms', e.at_ms, 'type', e.type) AS "found{}"
FROM search CROSS JOIN event e ON e.seq = search.rowid CROSS JOIN casefile c ON c.id = e.case_id
WHERE search MATCH :query AND search.rowid < :key AND c.title IS NOT NULL AND {visible}
ORDER BY search.rowid DESC;

-- name: search_newer
SELECT 1 FROM event e CROSS JOIN search ON search.rowid = e.seq
WHERE e.case_id = :case AND e.seq > :seq AND search MATCH :query LIMIT 1;

-- Questions: report ------------------------------------------------------------------------------

-- name: fold_state
SELECT seq FROM report_state;

-- name: fold_events
SELECT seq, case_id, at_ms, data FROM event WHERE seq > ?1 ORDER BY seq LIMIT ?2;

-- name: fold_mark
UPDATE report_state SET seq = ?1;

-- name: fold_clock_start
INSERT INTO report_clock (case_id, clock, nth, title, term, start_ms, due_ms, provisional, status)
SELECT :case, :clock, 1 + coalesce(max(nth), 0), :title, :term, coalesce(:start_ms, :at_ms), :due_ms,
    coalesce(:provisional, 0), 'running' FROM report_clock WHERE case_id = :case AND clock = :clock;

-- name: fold_clock_change
UPDATE report_clock SET status = coalesce(:status, status), late = coalesce(:late, late),
    ended_ms = coalesce(:ended_ms, ended_ms), due_ms = coalesce(:due_ms, due_ms),
    provisional = coalesce(:provisional, provisional)
WHERE case_id = :case AND clock = :clock AND nth = (SELECT max(n.nth) FROM report_clock n
    WHERE n.case_id = :case AND n.clock = :clock);

-- name: fold_answer
INSERT OR IGNORE INTO report_answer (case_id, host, at_ms) VALUES (:case,
    coalesce(:body, (SELECT host FROM casefile WHERE id = :case)), :at_ms);

-- name: fold_restore_clocks
DELETE FROM report_clock WHERE case_id = :case;

-- name: fold_restore_clock
INSERT INTO report_clock (case_id, clock, nth, title, term, start_ms, due_ms, provisional, status,
    late, ended_ms)
SELECT :case, :name, 1 + coalesce(max(nth), 0), :title, :term, :start_ms, :due_ms,
    coalesce(:provisional, 0), :status, coalesce(:late, 0), :ended_ms
FROM report_clock WHERE case_id = :case AND clock = :name;

-- name: fold_restore_answer
DELETE FROM report_answer WHERE case_id = :case AND at_ms = :undone_ms;

-- part: in_report
(:from_ms IS NULL OR c.received_ms >= :from_ms) AND (:to_ms IS NULL OR c.received_ms <= :to_ms)
    AND {visible}

-- part: report_keys
CAST(strftime('%Y', c.received_ms / 1000 + 28800, 'unixepoch') AS INTEGER) AS year,
    CASE instr(c.category, '/') WHEN 0 THEN c.category
        ELSE substr(c.category, 1, instr(c.category, '/') - 1) END AS category

-- name: report_cases
SELECT {report_keys}, c.host, count(*) AS cases, sum(c.closed_ms = 0) AS open,
    sum(c.closed_ms > 0) AS closed
FROM casefile c WHERE {in_report} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- name: report_clocks
SELECT {report_keys}, c.host, r.clock, r.term, r.title, count(*) AS started,
    sum(r.status = 'met' AND NOT r.late) AS met,
    sum(r.status = 'met' AND r.late) AS met_late,
    sum(r.status = 'late' OR (r.status = 'running' AND coalesce(r.due_ms < :now_ms, 0))) AS late_open,
    sum(r.status = 'running' AND NOT coalesce(r.due_ms < :now_ms, 0)) AS open,
    sum(r.status = 'cancelled') AS cancelled,
    sum(r.provisional AND r.status IN ('running', 'late')) AS provisional
FROM report_clock r CROSS JOIN casefile c ON c.id = r.case_id
WHERE {in_report} GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6;

-- name: report_answers
SELECT {report_keys}, a.host,
    (a.at_ms + 28800000) / 86400000 - (c.received_ms + 28800000) / 86400000 AS days,
    count(*) AS cases
FROM report_answer a CROSS JOIN casefile c ON c.id = a.case_id
WHERE {in_report} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
