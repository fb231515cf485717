/* store/sqlite/write.c — a group of units in one transaction.
 *
 * Invariants: seq has no gap, also not after a failure (it is counted in memory and taken back with
 * the transaction); the version check is the UPDATE itself, so nothing of a unit in conflict is
 * written; after one unit of a case was left out, no later one of that case is written. */
#include "store/sqlite/db.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct group {
    struct db *db;
    int64_t seq;      /* last one given out */
    int64_t *blocked; /* owned; case ids of which a unit was left out */
    size_t blocked_count;
};

static void block(struct group *g, const struct store_unit *u)
{
    if (u->kase != NULL) {
        g->blocked = mem_resize(g->blocked, (g->blocked_count + 1) * sizeof *g->blocked);
        g->blocked[g->blocked_count++] = u->kase->case_id;
    }
}

static bool is_blocked(const struct group *g, const struct store_unit *u)
{
    for (size_t i = 0; u->kase != NULL && i < g->blocked_count; i++) {
        if (g->blocked[i] == u->kase->case_id) {
            return true;
        }
    }
    return false;
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

static bool same_text(sqlite3_stmt *st, int column, const char *text)
{
    const char *there = (const char *)sqlite3_column_text(st, column);
    return strcmp(or_empty(there), or_empty(text)) == 0;
}

/* Was the key used before? Sets out->status to STORE_DURABLE when not. */
static bool check_key(
    struct db *db, const struct store_unit *u, struct written *out, struct err *err)
{
    out->status = STORE_DURABLE;
    if (u->key == NULL) {
        return true;
    }
    sqlite3_stmt *st = db_statement(db, SQL_IDEMPOTENCY_FIND);
    bind_text(st, 1, u->key);
    enum row row = db_step(db, st, err);
    if (row == ROW_THERE) {
        bool same = same_text(st, 0, u->user) && same_text(st, 1, u->method) &&
                    sqlite3_column_bytes(st, 2) == DIGEST_SIZE &&
                    memcmp(sqlite3_column_blob(st, 2), u->params_hash.bytes, DIGEST_SIZE) == 0;
        out->status = same ? STORE_REPLAYED : STORE_REUSED;
        out->response = same ? mem_strdup((const char *)sqlite3_column_text(st, 3)) : NULL;
        sqlite3_reset(st);
    }
    return row != ROW_FAILED;
}

static bool keep_key(struct db *db, const struct store_unit *u, struct err *err)
{
    if (u->key == NULL) {
        return true;
    }
    sqlite3_stmt *st = db_statement(db, SQL_IDEMPOTENCY_INSERT);
    bind_text(st, 1, u->key);
    bind_text(st, 2, or_empty(u->user));
    bind_text(st, 3, or_empty(u->method));
    bind_digest(st, 4, &u->params_hash);
    bind_text(st, 5, or_empty(u->response));
    bind_number(st, 6, u->key_at_ms);
    return db_run(db, st, err);
}

/* Parameters 1 to 18, 26 and 27, the same in all three statements on casefile. */
static void bind_case(sqlite3_stmt *st, const struct store_case_unit *k)
{
    bind_number(st, 1, k->case_id);
    bind_number(st, 2, k->version);
    bind_digest(st, 3, &k->hash);
    bind_text(st, 4, or_empty(k->state));
    bind_text(st, 5, k->category);
    bind_text(st, 6, k->title);
    bind_text(st, 7, k->participants);
    bind_text(st, 8, k->mark);
    bind_number(st, 9, k->level);
    bind_number(st, 10, k->received_ms);
    bind_number(st, 11, k->at_ms);
    bind_text(st, 12, or_empty(k->snapshot));
    bind_text(st, 13, k->host);
    bind_text(st, 14, k->assignee);
    bind_text(st, 15, k->supervisor);
    bind_number(st, 16, k->closed_ms);
    bind_number(st, 17, k->due_ms == 0 ? INT64_MAX : k->due_ms);
    if (k->wake_ms != INT64_MAX) {
        bind_number(st, 18, k->wake_ms);
    }
    bind_text(st, 26, k->parties);
    bind_number(st, 27, k->listed);
}

static bool run_counted(struct db *db, sqlite3_stmt *st, bool *changed_out, struct err *err)
{
    bool ok = db_run(db, st, err);
    *changed_out = ok && sqlite3_changes(db->handle) == 1;
    return ok;
}

static bool insert_case(
    struct db *db, const struct store_case_unit *k, bool *changed_out, struct err *err)
{
    struct case_number n = case_number_parse(or_empty(k->number));
    sqlite3_stmt *st = db_statement(db, SQL_CASE_INSERT);
    bind_case(st, k);
    bind_text(st, 19, or_empty(k->number));
    bind_text(st, 20, n.series);
    bind_number(st, 21, n.serial);
    bind_text(st, 22, or_empty(k->flow));
    bind_text(st, 23, k->origin);
    bind_text(st, 24, k->place_path);
    bind_number(st, 25, k->opened_ms);
    bool ok = run_counted(db, st, changed_out, err);
    if (ok && *changed_out && n.serial > 0) {
        st = db_statement(db, SQL_COUNTER_RAISE);
        bind_text(st, 1, n.series);
        bind_number(st, 2, n.serial);
        ok = db_run(db, st, err);
    }
    mem_free(n.series);
    return ok;
}

/* Most events change no indexed column; the narrow statement then leaves five indexes alone. */
static bool update_case(
    struct db *db, const struct store_case_unit *k, bool *changed_out, struct err *err)
{
    static const enum sql_statement tries[] = {SQL_CASE_UPDATE, SQL_CASE_UPDATE_INDEXED};
    static const struct digest unknown;
    bool compares = memcmp(&k->prev, &unknown, sizeof unknown) != 0;
    *changed_out = false;
    for (size_t i = 0; i < 2 && !*changed_out; i++) {
        sqlite3_stmt *st = db_statement(db, tries[i]);
        bind_case(st, k);
        if (compares) {
            bind_digest(st, 19, &k->prev);
        }
        if (!run_counted(db, st, changed_out, err)) {
            return false;
        }
    }
    if (!*changed_out) {
        return true;
    }
    sqlite3_stmt *st = db_statement(db, SQL_CASE_MOVE);
    bind_number(st, 1, k->case_id);
    bind_text(st, 2, k->place_path);
    bind_text(st, 3, k->origin);
    return db_run(db, st, err);
}

/* One row of a body and a case for each name in " a b ". */
static bool put_names(
    struct db *db, enum sql_statement sql, int64_t case_id, const char *names, struct err *err)
{
    for (const char *p = names + strspn(names, " "); *p != '\0';) {
        size_t len = strcspn(p, " ");
        sqlite3_stmt *st = db_statement(db, sql);
        sqlite3_bind_text(st, 1, p, (int)len, SQLITE_STATIC);
        bind_number(st, 2, case_id);
        if (!db_run(db, st, err)) {
            return false;
        }
        p += len + strspn(p + len, " ");
    }
    return true;
}

static bool put_bodies(struct db *db, const struct store_case_unit *k, struct err *err)
{
    const char *lists[] = {k->host, k->supervisor, k->origin, k->participants};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (!put_names(db, SQL_CASE_BODY_PUT, k->case_id, or_empty(lists[i]), err)) {
            return false;
        }
    }
    return true;
}

static bool put_lineage(struct db *db, const struct store_case_unit *k, struct err *err)
{
    if (k->root == 0) {
        return true;
    }
    sqlite3_stmt *st = db_statement(db, SQL_LINEAGE_PUT);
    bind_number(st, 1, k->case_id);
    bind_number(st, 2, k->root);
    return db_run(db, st, err);
}

static bool put_asked(struct db *db, const struct store_case_unit *k, struct err *err)
{
    if (k->asked == NULL) {
        return true;
    }
    sqlite3_stmt *st = db_statement(db, SQL_ASKED_CLEAR);
    bind_number(st, 1, k->case_id);
    if (!db_run(db, st, err)) {
        return false;
    }
    st = db_statement(db, SQL_ASKED_PUT);
    bind_number(st, 1, k->case_id);
    bind_text(st, 2, k->asked);
    return db_run(db, st, err);
}

static bool put_event(struct db *db, int64_t seq, const struct store_case_unit *k, struct err *err)
{
    sqlite3_stmt *st = db_statement(db, SQL_EVENT_INSERT);
    bind_number(st, 1, seq);
    bind_number(st, 2, k->case_id);
    bind_number(st, 3, k->version);
    bind_number(st, 4, k->at_ms);
    bind_text(st, 5, or_empty(k->type));
    bind_text(st, 6, or_empty(k->actor));
    bind_text(st, 7, or_empty(k->data));
    bind_digest(st, 8, &k->hash);
    return db_run(db, st, err);
}

static bool put_fields(struct db *db, const struct store_case_unit *k, struct err *err)
{
    if (k->fields == NULL) {
        return true;
    }
    sqlite3_stmt *st = db_statement(db, SQL_FIELDS_PUT);
    bind_number(st, 1, k->case_id);
    bind_text(st, 2, k->fields);
    return db_run(db, st, err);
}

static bool put_search(struct db *db, int64_t seq, const struct store_case_unit *k, struct err *err)
{
    if (k->search == NULL) {
        return true;
    }
    char *words = bigram_index_text(k->search);
    sqlite3_stmt *st = db_statement(db, SQL_SEARCH_INSERT);
    bind_number(st, 1, seq);
    bind_text(st, 2, words);
    bool ok = words[0] == '\0' || db_run(db, st, err);
    mem_free(words);
    return ok;
}

static bool put_effects(
    struct db *db, int64_t seq, const struct store_case_unit *k, struct err *err)
{
    size_t i;
    const json_t *effect;
    json_array_foreach(k->effects, i, effect)
    {
        char *data = json_dumps(json_object_get(effect, "data"), JSON_COMPACT | JSON_ENCODE_ANY);
        const char *kind = json_string_value(json_object_get(effect, "kind"));
        sqlite3_stmt *st = db_statement(db, SQL_EFFECT_INSERT);
        bind_number(st, 1, seq);
        bind_number(st, 2, k->case_id);
        bind_text(st, 3, or_empty(kind));
        bind_text(st, 4, data == NULL ? "null" : data);
        bind_number(st, 5, k->at_ms);
        bool ok = db_run(db, st, err);
        free(data);
        if (!ok) {
            return false;
        }
    }
    return true;
}

/* Numbers of documents: *taken_out says that another writer has given this one away. */
static bool number_document(
    struct db *db, const struct store_case_unit *k, bool *taken_out, struct err *err)
{
    *taken_out = false;
    if (k->series == NULL) {
        return true;
    }
    sqlite3_stmt *st = db_statement(db, SQL_COUNTER_GET);
    bind_text(st, 1, k->series);
    enum row row = db_step(db, st, err);
    *taken_out = row == ROW_THERE && sqlite3_column_int64(st, 0) >= k->serial;
    sqlite3_reset(st);
    return row != ROW_FAILED;
}

static bool raise_series(struct db *db, const struct store_case_unit *k, struct err *err)
{
    if (k->series == NULL) {
        return true;
    }
    sqlite3_stmt *st = db_statement(db, SQL_COUNTER_RAISE);
    bind_text(st, 1, k->series);
    bind_number(st, 2, k->serial);
    return db_run(db, st, err);
}

static bool write_case(
    struct group *g, const struct store_case_unit *k, struct written *out, struct err *err)
{
    struct db *db = g->db;
    bool changed = false, taken = false, waits = true;
    assert(k->version > 0);
    if (!number_document(db, k, &taken, err) || !db_withdrawable(db, k->withdraw, &waits, err)) {
        return false;
    }
    if (taken || !waits) {
        out->status = STORE_CONFLICT;
        return true;
    }
    if (!(k->version == 1 ? insert_case(db, k, &changed, err)
                          : update_case(db, k, &changed, err))) {
        return false;
    }
    if (!changed) {
        out->status = STORE_CONFLICT;
        return true;
    }
    out->seq = ++g->seq;
    return put_event(db, out->seq, k, err) && put_fields(db, k, err) && put_bodies(db, k, err) &&
           put_lineage(db, k, err) && put_asked(db, k, err) &&
           put_names(db, SQL_ATTACHMENT_PUT, k->case_id, or_empty(k->attached), err) &&
           raise_series(db, k, err) && put_search(db, out->seq, k, err) &&
           put_effects(db, out->seq, k, err) && db_withdraw(db, k->withdraw, k->at_ms, err);
}

static bool write_unit(
    struct group *g, const struct store_unit *u, struct written *out, struct err *err)
{
    if (!check_key(g->db, u, out, err)) {
        return false;
    }
    if (out->status == STORE_DURABLE && is_blocked(g, u)) {
        out->status = STORE_CONFLICT;
    }
    if (out->status == STORE_DURABLE &&
        !(u->kase != NULL ? write_case(g, u->kase, out, err) : db_write_record(g->db, u, err))) {
        return false;
    }
    if (out->status != STORE_DURABLE) {
        block(g, u);
        return true;
    }
    return keep_key(g->db, u, err);
}

static bool write_all(struct group *g, struct store_unit *units[], size_t count,
    struct written out[], struct err *err)
{
    if (!db_script(g->db, SCRIPT_BEGIN, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!write_unit(g, units[i], &out[i], err)) {
            return false;
        }
    }
    return db_script(g->db, SCRIPT_COMMIT, err);
}

static void fail_all(struct written out[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        mem_free(out[i].response);
        out[i] = (struct written){.status = STORE_FAILED};
    }
}

bool db_write(
    struct db *db, struct store_unit *units[], size_t count, struct written out[], struct err *err)
{
    memset(out, 0, count * sizeof *out);
    bool trusted = db_reopen(db, err);
    struct group g = {.db = db, .seq = db->last_seq};
    struct digest audit_head = db->audit_head;
    bool ok = trusted && write_all(&g, units, count, out, err);
    if (ok) {
        db->last_seq = g.seq;
    } else {
        db->audit_head = audit_head;
        db_rollback(db);
        fail_all(out, count);
    }
    mem_free(g.blocked);
    return ok;
}

bool db_probe(struct db *db, struct err *err)
{
    if (!db_reopen(db, err) || !db_script(db, SCRIPT_BEGIN, err)) {
        return false;
    }
    if (db_run(db, db_statement(db, SQL_PROBE_WRITE), err) && db_script(db, SCRIPT_COMMIT, err)) {
        return true;
    }
    db_rollback(db);
    return false;
}
