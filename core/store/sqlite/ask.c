/* store/sqlite/ask.c — the table of questions. Most are one statement; the others have a function.
 * Every question sees one state of the database: it runs inside one read transaction. */
#include "store/sqlite/db.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"

#include <assert.h>
#include <sys/stat.h>

enum {
    LIMIT_DEFAULT = 100,
    LIMIT_MAX = 10000, /* an answer stays a few megabytes */
    TAILS_TOLD = 10,   /* of several cases with the same end of a number */
};

static json_t *one_case(struct db *db, json_int_t id, struct err *err)
{
    json_t *args = json_pack("{s:I}", "id", id);
    json_t *row = db_row(db, SQL_CASE_BY_ID, args, err);
    json_decref(args);
    return row;
}

static json_t *case_rows(
    struct db *db, enum sql_statement which, const struct case_number *n, struct err *err)
{
    json_t *args = json_pack("{s:s, s:I}", "series", n->series, "serial", (json_int_t)n->serial);
    json_t *rows = db_rows(db, which, args, err);
    json_decref(args);
    return rows;
}

static json_t *one_of(struct db *db, json_t *rows, struct err *err)
{
    if (rows == NULL || json_array_size(rows) == 0) {
        return rows == NULL ? NULL : json_null();
    }
    if (json_array_size(rows) == 1) {
        return one_case(db, json_number(json_array_get(rows, 0), "id", 0), err);
    }
    json_t *several = json_array();
    for (size_t i = 0; i < json_array_size(rows) && i < TAILS_TOLD; i++) {
        json_array_append(several, json_object_get(json_array_get(rows, i), "number"));
    }
    return json_pack("{s:o}", "several", several);
}

json_t *ask_case(struct db *db, const json_t *args, struct err *err)
{
    const char *number = json_text(args, "number"), *suffix = json_text(args, "suffix");
    if (number == NULL && suffix == NULL) {
        return one_case(db, json_number(args, "id", 0), err);
    }
    struct case_number n = {0};
    if (number != NULL) {
        n = case_number_parse(number);
    } else if (!case_number_tail(suffix, &n)) {
        return json_null();
    }
    json_t *rows = case_rows(db, number != NULL ? SQL_CASE_BY_NUMBER : SQL_CASE_BY_SUFFIX, &n, err);
    json_t *answer = one_of(db, rows, err);
    json_decref(rows);
    mem_free(n.series);
    return answer;
}

static json_t *ask_open_clocks(struct db *db, const json_t *args, struct err *err)
{
    json_t *rows = db_rows(db, SQL_OPEN_CLOCKS, args, err);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_array_set(rows, i, json_object_get(json_array_get(rows, i), "id"));
    }
    return rows;
}

static json_t *ask_effects(struct db *db, const json_t *args, struct err *err)
{
    const char *status = json_text(args, "status");
    enum sql_statement which = SQL_EFFECTS_ANY;
    if (status != NULL && status[0] == 'p') {
        which = SQL_EFFECTS_PENDING;
    } else if (status != NULL && status[0] == 'f') {
        which = SQL_EFFECTS_FAILED;
    }
    return db_rows(db, which, args, err);
}

static json_t *ask_reference(struct db *db, const char *kind, struct err *err)
{
    json_t *args = json_pack("{s:s}", "kind", kind);
    json_t *row = db_row(db, SQL_REFERENCE, args, err);
    json_decref(args);
    return row;
}

static json_t *ask_org(struct db *db, const json_t *args, struct err *err)
{
    (void)args;
    return ask_reference(db, "org", err);
}

static json_t *ask_terms(struct db *db, const json_t *args, struct err *err)
{
    (void)args;
    return ask_reference(db, "terms", err);
}

static json_t *ask_stat(struct db *db, const json_t *args, struct err *err)
{
    json_t *row = db_row(db, SQL_STAT, args, err);
    char *wal = mem_printf("%s-wal", db->path);
    struct stat st;
    json_put_number(row, "wal_bytes", stat(wal, &st) == 0 ? (int64_t)st.st_size : 0);
    mem_free(wal);
    return row;
}

/* A question is answered by `ask`, or else by the rows (many) or the row of one statement. */
static const struct question {
    json_t *(*ask)(struct db *db, const json_t *args, struct err *err);
    enum sql_statement statement;
    bool many;
} questions[ASK_COUNT] = {
    [ASK_META] = {NULL, SQL_META, false},
    [ASK_CASE] = {ask_case, SQL_COUNT, false},
    [ASK_CASES] = {ask_cases, SQL_COUNT, false},
    [ASK_INBOX] = {ask_inbox, SQL_COUNT, false},
    [ASK_SEARCH] = {ask_search, SQL_COUNT, false},
    [ASK_HISTORY] = {NULL, SQL_HISTORY, true},
    [ASK_EVENTS] = {NULL, SQL_EVENTS, true},
    [ASK_DUE] = {NULL, SQL_DUE, true},
    [ASK_OPEN_CLOCKS] = {ask_open_clocks, SQL_COUNT, false},
    [ASK_EFFECTS] = {ask_effects, SQL_COUNT, false},
    [ASK_LETTERS] = {NULL, SQL_LETTERS, true},
    [ASK_LINEAGE] = {ask_lineage, SQL_COUNT, false},
    [ASK_MATCHES] = {ask_matches, SQL_COUNT, false},
    [ASK_KEY] = {NULL, SQL_KEY, false},
    [ASK_USER] = {NULL, SQL_USER, false},
    [ASK_USERS] = {NULL, SQL_USERS, true},
    [ASK_TOKEN] = {NULL, SQL_TOKEN, false},
    [ASK_TOKENS] = {NULL, SQL_TOKENS, true},
    [ASK_FLOWS] = {NULL, SQL_FLOWS, true},
    [ASK_CALENDARS] = {NULL, SQL_CALENDARS, true},
    [ASK_ORG] = {ask_org, SQL_COUNT, false},
    [ASK_TERMS] = {ask_terms, SQL_COUNT, false},
    [ASK_ATTACHED] = {NULL, SQL_ATTACHED, true},
    [ASK_HOLDERS] = {NULL, SQL_HOLDERS, true},
    [ASK_REPLAY] = {ask_replay, SQL_COUNT, false},
    [ASK_VERIFY] = {ask_verify, SQL_COUNT, false},
    [ASK_REPORT] = {ask_report, SQL_COUNT, false},
    [ASK_STAT] = {ask_stat, SQL_COUNT, false},
};

static json_t *answer(struct db *db, enum store_question q, const json_t *args, struct err *err)
{
    const struct question *row = &questions[q];
    if (row->ask != NULL) {
        return row->ask(db, args, err);
    }
    return row->many ? db_rows(db, row->statement, args, err)
                     : db_row(db, row->statement, args, err);
}

/* The arguments with a limit in its bounds. */
static json_t *bounded(const json_t *args)
{
    json_t *own = args == NULL ? json_object() : json_copy((json_t *)args);
    int64_t limit = json_number(own, "limit", LIMIT_DEFAULT);
    json_put_number(own, "limit", limit < 1 ? 1 : limit > LIMIT_MAX ? LIMIT_MAX : limit);
    return own;
}

json_t *db_ask(struct db *db, enum store_question q, const json_t *args, struct err *err)
{
    assert(q < ASK_COUNT);
    if (!db_script(db, SCRIPT_BEGIN_READ, err)) {
        return NULL;
    }
    json_t *own = bounded(args);
    json_t *result = answer(db, q, own, err);
    json_decref(own);
    db_rollback(db); /* ends the read; nothing was written */
    return result;
}
