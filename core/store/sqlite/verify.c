/* store/sqlite/verify.c — is the history of a case the one that was written? Recomputes the chain
 * from the events and compares its end with the case row; names the first event that is wrong. */
#include "store/sqlite/db.h"

#include "base/json.h"
#include "base/lang.h"

#include <string.h>

struct chain {
    struct digest head;
    int64_t version, seq;
    const char *problem; /* msgid; NULL: none so far */
    int64_t bad_version, bad_seq;
};

static void bad(struct chain *c, int64_t version, int64_t seq, const char *problem)
{
    c->problem = problem;
    c->bad_version = version;
    c->bad_seq = seq;
}

/* Columns seq, version, data, hash. */
static void check_event(struct chain *c, sqlite3_stmt *st)
{
    int64_t seq = sqlite3_column_int64(st, 0), version = sqlite3_column_int64(st, 1);
    struct digest hash = digest_of2(c->head.bytes, DIGEST_SIZE, sqlite3_column_blob(st, 2),
        (size_t)sqlite3_column_bytes(st, 2));
    if (version != c->version + 1) {
        bad(c, c->version + 1, seq, N_("an event is missing"));
    } else if (seq <= c->seq) {
        bad(c, version, seq, N_("the order of the events was changed"));
    } else if (sqlite3_column_bytes(st, 3) != DIGEST_SIZE ||
               memcmp(sqlite3_column_blob(st, 3), hash.bytes, DIGEST_SIZE) != 0) {
        bad(c, version, seq, N_("the content does not fit the hash chain"));
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

static json_t *verdict(const struct chain *c, int64_t events)
{
    json_t *answer =
        json_pack("{s:I, s:b}", "events", (json_int_t)events, "ok", c->problem == NULL);
    if (c->problem != NULL) {
        json_object_set_new(answer, "first_bad",
            json_pack("{s:I, s:I, s:s}", "version", (json_int_t)c->bad_version, "seq",
                (json_int_t)c->bad_seq, "problem", _(c->problem)));
    }
    return answer;
}

json_t *ask_verify(struct db *db, const json_t *args, struct err *err)
{
    struct chain c = {0};
    int64_t events = 0;
    sqlite3_stmt *st = db_statement(db, SQL_VERIFY_EVENTS);
    bind_members(st, args);
    enum row row;
    while ((row = db_step(db, st, err)) == ROW_THERE) {
        events++;
        if (c.problem == NULL) {
            check_event(&c, st);
        }
    }
    if (row == ROW_FAILED) {
        return NULL;
    }
    st = db_statement(db, SQL_VERIFY_CASE);
    bind_members(st, args);
    row = db_step(db, st, err);
    if (row == ROW_FAILED) {
        return NULL;
    }
    if (row == ROW_NONE && events == 0) {
        return json_null();
    }
    if (c.problem == NULL && row == ROW_THERE) {
        check_case(&c, st);
    } else if (c.problem == NULL) {
        bad(&c, 1, 0, N_("the case row is missing"));
    }
    sqlite3_reset(st);
    return verdict(&c, events);
}
