/* store/sqlite/withdraw.c — what taking back an event needs: its case's history with the effects it
 * asked for, and those effects withdrawn in the transaction of the event that takes it back.
 *
 * Ids of effects and seqs of their events rise together and no row is ever deleted, so the effects
 * of one event are found by halving, without an index that every event would have to pay for. */
#include "store/sqlite/db.h"

#include "base/json.h"

/* The smallest id whose event is `seq` or later; one above the last when there is none. */
static bool first_effect(struct db *db, int64_t seq, int64_t *id_out, struct err *err)
{
    sqlite3_stmt *st = db_statement(db, SQL_EFFECT_LAST);
    if (db_step(db, st, err) != ROW_THERE) {
        return false;
    }
    int64_t low = 1, high = sqlite3_column_int64(st, 0) + 1;
    sqlite3_reset(st);
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        st = db_statement(db, SQL_EFFECT_SEQ);
        bind_number(st, 1, middle);
        if (db_step(db, st, err) != ROW_THERE) {
            return false;
        }
        bool before = sqlite3_column_int64(st, 0) < seq;
        sqlite3_reset(st);
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    *id_out = low;
    return true;
}

static json_t *effects_of(struct db *db, int64_t seq, struct err *err)
{
    int64_t from, to;
    if (!first_effect(db, seq, &from, err) || !first_effect(db, seq + 1, &to, err)) {
        return NULL;
    }
    json_t *args = json_pack("{s:I, s:I}", "from", (json_int_t)from, "to", (json_int_t)to);
    json_t *rows = db_rows(db, SQL_EFFECTS_BETWEEN, args, err);
    json_decref(args);
    return rows;
}

json_t *ask_replay(struct db *db, const json_t *args, struct err *err)
{
    json_t *all = json_copy((json_t *)args);
    json_put_number(all, "limit", -1);
    json_t *events = db_rows(db, SQL_HISTORY, all, err);
    json_decref(all);
    size_t n = json_array_size(events);
    json_t *effects =
        events == NULL
            ? NULL
            : effects_of(
                  db, n == 0 ? 0 : json_number(json_array_get(events, n - 1), "seq", 0), err);
    if (effects == NULL) {
        json_decref(events);
        return NULL;
    }
    return json_pack("{s:o, s:o}", "events", events, "effects", effects);
}

bool db_withdrawable(struct db *db, const json_t *ids, bool *all_out, struct err *err)
{
    size_t i;
    const json_t *id;
    *all_out = true;
    json_array_foreach(ids, i, id)
    {
        sqlite3_stmt *st = db_statement(db, SQL_EFFECT_WAITS);
        bind_number(st, 1, json_integer_value(id));
        enum row row = db_step(db, st, err);
        if (row == ROW_FAILED) {
            return false;
        }
        *all_out = *all_out && row == ROW_THERE;
        sqlite3_reset(st);
    }
    return true;
}

bool db_withdraw(struct db *db, const json_t *ids, int64_t at_ms, struct err *err)
{
    size_t i;
    const json_t *id;
    json_array_foreach(ids, i, id)
    {
        sqlite3_stmt *st = db_statement(db, SQL_EFFECT_WITHDRAW);
        bind_number(st, 1, json_integer_value(id));
        bind_number(st, 2, at_ms);
        if (!db_run(db, st, err)) {
            return false;
        }
    }
    return true;
}
