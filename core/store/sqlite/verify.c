/* store/sqlite/verify.c — is the history of a case the one that was written? Recomputes the chain
 * from the events and compares its end with the case row; names the first event that is wrong. */
#include "store/sqlite/db.h"

#include "base/json.h"
#include "base/lang.h"
#include "store/sqlite/proof.h"

#include <string.h>

static void bad(struct chain *c, int64_t version, int64_t seq, const char *problem)
{
    c->problem = problem;
    c->bad_version = version;
    c->bad_seq = seq;
    c->sound_seq = c->seq;
}

/* Columns seq, version, data, hash, whether the other columns differ from the data. */
static void check_event(struct chain *c, sqlite3_stmt *st)
{
    int64_t seq = sqlite3_column_int64(st, 0), version = sqlite3_column_int64(st, 1);
    struct digest hash = digest_of2(c->head.bytes, DIGEST_SIZE, sqlite3_column_blob(st, 2),
        (size_t)sqlite3_column_bytes(st, 2));
    if (version != c->version + 1) {
        bad(c, c->version + 1, seq, N_("an event is missing"));
        c->missing = true;
    } else if (seq <= c->seq) {
        bad(c, version, seq, N_("the order of the events was changed"));
    } else if (sqlite3_column_bytes(st, 3) != DIGEST_SIZE ||
               memcmp(sqlite3_column_blob(st, 3), hash.bytes, DIGEST_SIZE) != 0) {
        bad(c, version, seq, N_("the content does not fit the hash chain"));
    } else if (sqlite3_column_int(st, 4) != 0) {
        bad(c, version, seq, N_("time, kind or person differ from the content"));
    }
    c->head = hash;
    c->version = version;
    c->seq = seq;
}

/* Columns version, head, version in the snapshot. */
static void check_case(struct chain *c, sqlite3_stmt *st)
{
    int64_t version = sqlite3_column_int64(st, 0);
    if (version > c->version) {
        bad(c, c->version + 1, 0, N_("events at the end are missing"));
        c->missing = true;
    } else if (version < c->version) {
        bad(c, version + 1, c->seq, N_("the case is older than its last event"));
    } else if (sqlite3_column_bytes(st, 1) != DIGEST_SIZE ||
               memcmp(sqlite3_column_blob(st, 1), c->head.bytes, DIGEST_SIZE) != 0) {
        bad(c, version, c->seq, N_("the head of the case is not its last event"));
    } else if (sqlite3_column_type(st, 2) == SQLITE_INTEGER &&
               sqlite3_column_int64(st, 2) != version) {
        bad(c, version, c->seq, N_("the snapshot belongs to another version"));
    }
}

bool db_chain(struct db *db, int64_t case_id, struct chain *c, struct err *err)
{
    *c = (struct chain){0};
    sqlite3_stmt *st = db_statement(db, SQL_VERIFY_EVENTS);
    bind_number(st, 1, case_id);
    enum row row;
    while ((row = db_step(db, st, err)) == ROW_THERE) {
        c->events++;
        if (c->problem == NULL) {
            check_event(c, st);
        }
    }
    if (row == ROW_FAILED) {
        return false;
    }
    st = db_statement(db, SQL_VERIFY_CASE);
    bind_number(st, 1, case_id);
    row = db_step(db, st, err);
    if (row == ROW_FAILED) {
        return false;
    }
    c->row = row == ROW_THERE;
    c->there = c->row || c->events > 0;
    if (c->problem == NULL && row == ROW_THERE) {
        check_case(c, st);
    } else if (c->problem == NULL && c->there) {
        bad(c, 1, 0, N_("the case row is missing"));
    }
    sqlite3_reset(st);
    return true;
}

json_t *ask_verify(struct db *db, const json_t *args, struct err *err)
{
    struct chain c;
    if (!db_chain(db, json_number(args, "case", 0), &c, err)) {
        return NULL;
    }
    if (!c.there) {
        return json_null();
    }
    json_t *answer =
        json_pack("{s:I, s:b}", "events", (json_int_t)c.events, "ok", c.problem == NULL);
    if (c.problem != NULL) {
        json_object_set_new(answer, "first_bad",
            json_pack("{s:I, s:I, s:s}", "version", (json_int_t)c.bad_version, "seq",
                (json_int_t)c.bad_seq, "problem", _(c.problem)));
    }
    return answer;
}
