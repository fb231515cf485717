/* store/sqlite/report.c — what became of clocks and cases, read out of the events.
 *
 * Reading a million events takes many seconds, so the writer folds them into narrow tables bit by
 * bit, in transactions of their own, between batches. The tables remember up to which event they
 * go; dropped (db_forget_report) and folded again they come out the same. */
#include "store/sqlite/db.h"

#include "base/civil.h"
#include "base/json.h"
#include "base/text.h"

#include <string.h>

/* Changes of a clock, by the name of their op. */
static const struct clock_op {
    const char *op;
    const char *status; /* NULL: as before */
    bool ends;
    int late; /* -1: as before, or as the change says */
} clock_ops[] = {
    {"clock.late", "late", false, 1},
    {"clock.met", "met", true, -1},
    {"clock.cancel", "cancelled", true, -1},
};

/* What another body was asked is no limit of the case (engine/tasks.h), and a right of the parties
 * is nobody's duty: it lapses or is used, and says nothing about who was late. */
static bool is_duty(const char *name, const json_t *clock)
{
    return !text_starts(name, "task:") && !json_flag(clock, "right");
}

/* One event being read. */
struct folded {
    json_int_t case_id, at_ms;
    const json_t *event;
};

/* due_ms as the change gives it, or the end of its legal day. */
static void put_due(json_t *args, const json_t *change)
{
    struct date legal;
    const char *day = json_text(change, "legal");
    if (json_object_get(change, "due_ms") != NULL) {
        json_object_set(args, "due_ms", json_object_get(change, "due_ms"));
    } else if (day != NULL && date_parse(day, &legal)) {
        json_put_number(args, "due_ms", date_end_ms(legal));
    }
}

static json_t *fold_args(const struct folded *f, const json_t *change)
{
    json_t *args = json_pack("{s:I, s:I}", "case", f->case_id, "at_ms", f->at_ms);
    static const char *const members[] = {
        "clock", "title", "term", "start_ms", "provisional", "late"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_t *v = json_object_get(change, members[i]);
        if (v != NULL) {
            json_object_set(args, members[i], v);
        }
    }
    put_due(args, change);
    return args;
}

static bool fold_clock(
    struct db *db, const struct folded *f, const char *op, const json_t *change, struct err *err)
{
    const char *clock = json_text(change, "clock");
    if (clock != NULL && !is_duty(clock, change)) {
        return true;
    }
    json_t *args = fold_args(f, change);
    for (size_t i = 0; i < sizeof clock_ops / sizeof clock_ops[0]; i++) {
        const struct clock_op *row = &clock_ops[i];
        if (text_equal(row->op, op)) {
            json_put_text(args, "status", row->status);
            if (row->late >= 0) {
                json_put_number(args, "late", row->late);
            }
            if (row->ends) {
                json_put_number(args, "ended_ms", json_number(change, "at_ms", f->at_ms));
            }
        }
    }
    bool start = text_equal(op, "clock.start");
    bool ok = json_text(args, "clock") == NULL ||
              db_put(db, start ? SQL_FOLD_CLOCK_START : SQL_FOLD_CLOCK_CHANGE, args, err);
    json_decref(args);
    return ok;
}

static bool fold_answer(struct db *db, const struct folded *f, struct err *err)
{
    json_t *args = json_pack("{s:I, s:I}", "case", f->case_id, "at_ms", f->at_ms);
    json_put_text(args, "body", json_text(f->event, "body"));
    bool ok = db_put(db, SQL_FOLD_ANSWER, args, err);
    json_decref(args);
    return ok;
}

/* One clock as a snapshot holds it. */
static bool restore_clock(
    struct db *db, const struct folded *f, const json_t *clock, struct err *err)
{
    const json_t *due = json_object_get(clock, "due");
    const char *state = json_text(clock, "state");
    json_t *args = fold_args(f, clock);
    json_put_text(args, "name", json_text(clock, "name"));
    json_put_text(args, "status", text_equal(state, "paused") ? "running" : state);
    json_put_number(args, "due_ms", json_number(due, "due_ms", 0));
    json_put_number(args, "provisional", json_flag(due, "provisional"));
    json_put_number(args, "late", json_flag(clock, "was_late"));
    if (json_number(clock, "ended_ms", 0) != 0) {
        json_object_set(args, "ended_ms", json_object_get(clock, "ended_ms"));
    }
    bool ok = db_put(db, SQL_FOLD_RESTORE_CLOCK, args, err);
    json_decref(args);
    return ok;
}

/* An event was taken back: the clocks are again what they were, its answer was none. */
static bool fold_restore(
    struct db *db, const struct folded *f, const json_t *change, struct err *err)
{
    json_t *args = json_pack("{s:I, s:I}", "case", f->case_id, "undone_ms",
        (json_int_t)json_number(change, "undone_ms", 0));
    bool ok = db_put(db, SQL_FOLD_RESTORE_CLOCKS, args, err) &&
              db_put(db, SQL_FOLD_RESTORE_ANSWER, args, err);
    json_decref(args);
    const json_t *clocks = json_object_get(json_object_get(change, "snapshot"), "clocks");
    for (size_t i = 0; ok && i < json_array_size(clocks); i++) {
        const json_t *clock = json_array_get(clocks, i);
        const char *name = json_text(clock, "name");
        ok = name == NULL || !is_duty(name, clock) || restore_clock(db, f, clock, err);
    }
    return ok;
}

/* The first event that settles a matter is its answer, whatever the flow calls the action. */
static bool is_answer(const char *op)
{
    return text_equal(op, "outcome") || text_equal(op, "close");
}

static bool fold_changes(struct db *db, const struct folded *f, struct err *err)
{
    const char *action = json_text(f->event, "action");
    bool answered = text_equal(action, "conclude") || text_equal(action, "agree");
    size_t i;
    const json_t *change;
    json_array_foreach(json_object_get(f->event, "changes"), i, change)
    {
        const char *op = json_text(change, "op");
        if (op != NULL && text_starts(op, "clock.") && !fold_clock(db, f, op, change, err)) {
            return false;
        }
        if (text_equal(op, "restore") && !fold_restore(db, f, change, err)) {
            return false;
        }
        answered = answered || is_answer(op);
    }
    return !answered || fold_answer(db, f, err);
}

/* Most events touch no clock: a look at the text is a hundred times cheaper than parsing it. */
static bool worth_parsing(const char *data)
{
    static const char *const signs[] = {
        "\"clock.", "\"outcome\"", "\"close\"", "\"conclude\"", "\"agree\"", "\"restore\""};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (strstr(data, signs[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* Columns seq, case_id, at_ms, data. */
static bool fold_event(struct db *db, sqlite3_stmt *st, struct err *err)
{
    const char *data = (const char *)sqlite3_column_text(st, 3);
    if (!worth_parsing(data)) {
        return true;
    }
    json_t *event = json_parse_own(data);
    struct folded f = {sqlite3_column_int64(st, 1), sqlite3_column_int64(st, 2), event};
    bool ok = event == NULL || fold_changes(db, &f, err); /* damage is ASK_VERIFY's to tell */
    json_decref(event);
    return ok;
}

static bool fold_since(
    struct db *db, int64_t since, size_t events_max, int64_t *upto_out, struct err *err)
{
    sqlite3_stmt *st = db_statement(db, SQL_FOLD_EVENTS);
    bind_number(st, 1, since);
    bind_number(st, 2, (int64_t)events_max);
    *upto_out = since;
    enum row row;
    while ((row = db_step(db, st, err)) == ROW_THERE) {
        *upto_out = sqlite3_column_int64(st, 0);
        if (!fold_event(db, st, err)) {
            sqlite3_reset(st);
            return false;
        }
    }
    if (row == ROW_FAILED) {
        return false;
    }
    st = db_statement(db, SQL_FOLD_MARK);
    bind_number(st, 1, *upto_out);
    return db_run(db, st, err);
}

static bool folded_upto(struct db *db, int64_t *seq_out, struct err *err)
{
    sqlite3_stmt *st = db_statement(db, SQL_FOLD_STATE);
    if (db_step(db, st, err) != ROW_THERE) {
        return false;
    }
    *seq_out = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return true;
}

bool db_fold(struct db *db, size_t events_max, bool *more_out, struct err *err)
{
    int64_t since = 0, upto = 0;
    *more_out = false;
    if (!db_reopen(db, err) || !folded_upto(db, &since, err)) {
        return false;
    }
    if (since >= db->last_seq) {
        return true;
    }
    if (!db_script(db, SCRIPT_BEGIN, err)) {
        return false;
    }
    if (!fold_since(db, since, events_max, &upto, err) || !db_script(db, SCRIPT_COMMIT, err)) {
        db_rollback(db);
        return false;
    }
    *more_out = upto < db->last_seq;
    return true;
}

bool db_forget_report(struct db *db, struct err *err)
{
    if (db_script(db, SCRIPT_FORGET_REPORT, err)) {
        return true;
    }
    db_rollback(db);
    return false;
}

json_t *ask_report(struct db *db, const json_t *args, struct err *err)
{
    static const struct {
        const char *member;
        enum sql_statement statement;
    } tables[] = {
        {"cases", SQL_REPORT_CASES},
        {"clocks", SQL_REPORT_CLOCKS},
        {"answers", SQL_REPORT_ANSWERS},
    };
    int64_t upto = 0;
    if (!folded_upto(db, &upto, err)) {
        return NULL;
    }
    json_t *own = json_copy((json_t *)args);
    const json_t *scope = json_object_get(args, "scope");
    json_object_set_new(own, "all", json_boolean(json_flag(scope, "all")));
    json_object_set(own, "bodies", json_object_get(scope, "bodies"));
    json_object_set(own, "paths", json_object_get(scope, "paths"));
    json_t *answer = json_pack("{s:I}", "through_seq", (json_int_t)upto);
    for (size_t i = 0; answer != NULL && i < sizeof tables / sizeof tables[0]; i++) {
        json_t *rows = db_rows(db, tables[i].statement, own, err);
        if (rows == NULL) {
            json_decref(answer);
            answer = NULL;
            break;
        }
        json_object_set_new(answer, tables[i].member, rows);
    }
    json_decref(own);
    return answer;
}
