/* store/sqlite/lists.c — pages of case rows: lists, inbox, search.
 *
 * A cursor is the place of the last row in the order (key and id), as hex: pages stay right while
 * rows come and go, and the hundredth page costs what the first one does. */
#include "store/sqlite/db.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    NEAR_MAX = 2000, /* so many candidates are sorted faster than an index is walked */
    CURSOR_TEXT = 33,
};

struct cursor {
    int64_t key, id;
};

static bool cursor_parse(const char *text, struct cursor *out, struct err *err)
{
    if (text == NULL) {
        return true; /* the caller's start stays */
    }
    uint64_t key = 0, id = 0;
    size_t hex = strspn(text, "0123456789abcdef");
    if (hex != CURSOR_TEXT - 1 || text[hex] != '\0' ||
        sscanf(text, "%16" SCNx64 "%16" SCNx64, &key, &id) != 2) {
        return err_set(err, ERR_PARAMS, _("'after' is no cursor of this list"));
    }
    *out = (struct cursor){(int64_t)key, (int64_t)id};
    return true;
}

static json_t *cursor_text(const json_t *row)
{
    char text[CURSOR_TEXT];
    snprintf(text, sizeof text, "%016" PRIx64 "%016" PRIx64, (uint64_t)json_number(row, "key_", 0),
        (uint64_t)json_number(row, "id", 0));
    return json_string(text);
}

/* {items, next}; rows holds one more than limit when there is a next page. Takes rows. */
static json_t *page(json_t *rows, size_t limit)
{
    json_t *next = json_null();
    if (json_array_size(rows) > limit) {
        json_array_remove(rows, limit);
        json_decref(next);
        next = cursor_text(json_array_get(rows, limit - 1));
    }
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_object_del(json_array_get(rows, i), "key_");
    }
    return json_pack("{s:o, s:o}", "items", rows, "next", next);
}

static size_t limit_of(const json_t *args)
{
    return (size_t)json_number(args, "limit", 1); /* db_ask has put it into bounds */
}

/* The arguments as the statements want them: scope spread out, cursor as numbers. */
static json_t *list_args(const json_t *args, const struct cursor *from)
{
    json_t *own = json_copy((json_t *)args);
    const json_t *scope = json_object_get(args, "scope");
    if (scope != NULL) {
        json_object_set_new(own, "all", json_boolean(json_flag(scope, "all")));
        json_object_set(own, "bodies", json_object_get(scope, "bodies"));
        json_object_set(own, "paths", json_object_get(scope, "paths"));
    }
    json_put_number(own, "key", from->key);
    json_put_number(own, "id", from->id);
    json_put_number(own, "limit", (int64_t)limit_of(args) + 1);
    const json_t *late = json_object_get(args, "late");
    if (json_is_integer(late)) {
        json_put_number(own, "late_ms", json_integer_value(late));
    } else if (json_is_true(late)) {
        json_put_text(own, "mark", "red");
    }
    return own;
}

/* --- lists of cases --------------------------------------------------------------------------- */

static const struct order {
    const char *name;
    struct cursor start;
    enum sql_statement walk, near;
} orders[] = {
    {"due", {INT64_MIN, 0}, SQL_WALK_DUE, SQL_NEAR_DUE},
    {"opened", {INT64_MAX, INT64_MAX}, SQL_WALK_OPENED, SQL_NEAR_OPENED},
    {"changed", {INT64_MAX, INT64_MAX}, SQL_WALK_CHANGED, SQL_NEAR_CHANGED},
};

static const struct order *order_of(const json_t *args, struct err *err)
{
    const char *wanted = json_text(args, "sort");
    if (wanted == NULL) {
        return &orders[0];
    }
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        if (text_equal(orders[i].name, wanted)) {
            return &orders[i];
        }
    }
    err_set(err, ERR_PARAMS, _("a list cannot be sorted by '%s'"), wanted);
    err_hint(err, "%s", _("sort by due, opened or changed"));
    return NULL;
}

/* Where the candidates can be collected: at a host, under a place, or in the scope. False when
 * everything would be a candidate. */
static bool set_near(json_t *own)
{
    json_t *bodies = json_array(), *paths = json_array();
    bool narrow = true;
    if (json_text(own, "host") != NULL) {
        json_array_append(bodies, json_object_get(own, "host"));
    } else if (json_text(own, "place_path") != NULL) {
        json_array_append(paths, json_object_get(own, "place_path"));
    } else if (!json_flag(own, "all")) {
        json_array_extend(bodies, json_object_get(own, "bodies"));
        json_array_extend(paths, json_object_get(own, "paths"));
    } else {
        narrow = false;
    }
    json_object_set_new(own, "near_bodies", bodies);
    json_object_set_new(own, "near_paths", paths);
    json_put_number(own, "near_max", NEAR_MAX);
    return narrow;
}

static bool choose_near(struct db *db, json_t *own, bool *near_out, struct err *err)
{
    *near_out = false;
    if (!set_near(own)) {
        return true;
    }
    sqlite3_stmt *st = db_statement(db, SQL_NEAR_COUNT);
    bind_members(st, own);
    if (db_step(db, st, err) != ROW_THERE) {
        return false;
    }
    *near_out = sqlite3_column_int64(st, 0) <= NEAR_MAX;
    sqlite3_reset(st);
    return true;
}

static bool add_total(struct db *db, const json_t *own, bool near, json_t *answer, struct err *err)
{
    if (!json_flag(own, "total")) {
        return true;
    }
    json_t *row = db_row(db, near ? SQL_NEAR_TOTAL : SQL_WALK_TOTAL, own, err);
    json_object_set(answer, "total", json_object_get(row, "total"));
    json_decref(row);
    return row != NULL;
}

json_t *ask_cases(struct db *db, const json_t *args, struct err *err)
{
    const struct order *order = order_of(args, err);
    struct cursor from = order == NULL ? (struct cursor){0} : order->start;
    if (order == NULL || !cursor_parse(json_text(args, "after"), &from, err)) {
        return NULL;
    }
    json_t *own = list_args(args, &from), *answer = NULL;
    bool near;
    if (choose_near(db, own, &near, err)) {
        json_t *rows = db_rows(db, near ? order->near : order->walk, own, err);
        answer = rows == NULL ? NULL : page(rows, limit_of(args));
    }
    if (answer != NULL && !add_total(db, own, near, answer, err)) {
        json_decref(answer);
        answer = NULL;
    }
    json_decref(own);
    return answer;
}

json_t *ask_inbox(struct db *db, const json_t *args, struct err *err)
{
    struct cursor from = {INT64_MIN, 0};
    if (!cursor_parse(json_text(args, "after"), &from, err)) {
        return NULL;
    }
    json_t *own = list_args(args, &from);
    json_t *rows = db_rows(db, SQL_INBOX, own, err);
    json_decref(own);
    return rows == NULL ? NULL : page(rows, limit_of(args));
}

/* --- search ----------------------------------------------------------------------------------- */

/* A case stands in the result once, at its newest event that fits: does a newer one fit? */
static enum row has_newer(struct db *db, const json_t *row, const char *query, struct err *err)
{
    json_t *args = json_pack("{s:I, s:I, s:s}", "case", (json_int_t)json_number(row, "id", 0),
        "seq", (json_int_t)json_number(row, "key_", 0), "query", query);
    sqlite3_stmt *st = db_statement(db, SQL_SEARCH_NEWER);
    bind_members(st, args);
    enum row newer = db_step(db, st, err);
    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
    json_decref(args);
    return newer;
}

static json_t *search_rows(struct db *db, const json_t *own, const char *query, struct err *err)
{
    size_t wanted = limit_of(own);
    sqlite3_stmt *st = db_statement(db, SQL_SEARCH_HITS);
    bind_members(st, own);
    json_t *rows = json_array();
    enum row step = ROW_THERE, newer = ROW_NONE;
    while (newer != ROW_FAILED && json_array_size(rows) < wanted &&
           (step = db_step(db, st, err)) == ROW_THERE) {
        json_t *row = row_object(st);
        newer = has_newer(db, row, query, err);
        if (newer == ROW_NONE) {
            json_array_append(rows, row);
        }
        json_decref(row);
    }
    sqlite3_reset(st);
    if (step == ROW_FAILED || newer == ROW_FAILED) {
        json_decref(rows);
        return NULL;
    }
    return rows;
}

json_t *ask_search(struct db *db, const json_t *args, struct err *err)
{
    struct cursor from = {INT64_MAX, 0};
    if (!cursor_parse(json_text(args, "after"), &from, err)) {
        return NULL;
    }
    const char *text = json_text(args, "text");
    char *query = bigram_query(text == NULL ? "" : text);
    if (query == NULL) {
        return page(json_array(), 1); /* punctuation only: nothing to look for */
    }
    json_t *own = list_args(args, &from);
    json_object_set_new(own, "query", json_string(query));
    json_t *rows = search_rows(db, own, query, err);
    json_decref(own);
    mem_free(query);
    return rows == NULL ? NULL : page(rows, limit_of(args));
}
