/* store/sqlite/rows.c — JSON members become parameters, rows become JSON objects. The column names
 * in queries.sql say how (see its head), so that a question is its SQL and nothing else. */
#include "store/sqlite/db.h"

#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 40 }; /* longest parameter or column name in queries.sql */

static void bind_value(sqlite3_stmt *st, int at, const json_t *v)
{
    if (json_is_string(v)) {
        sqlite3_bind_text(st, at, json_string_value(v), (int)json_string_length(v), SQLITE_STATIC);
    } else if (json_is_integer(v)) {
        sqlite3_bind_int64(st, at, json_integer_value(v));
    } else if (json_is_boolean(v)) {
        sqlite3_bind_int(st, at, json_is_true(v));
    }
}

static void bind_as_json(sqlite3_stmt *st, int at, const json_t *v)
{
    if (v != NULL) {
        sqlite3_bind_text(st, at, json_compact(v), -1, free);
    }
}

void bind_members(sqlite3_stmt *st, const json_t *args)
{
    static const char json_suffix[] = "_json";
    for (int at = 1; at <= sqlite3_bind_parameter_count(st); at++) {
        const char *name = sqlite3_bind_parameter_name(st, at) + 1; /* behind the colon */
        size_t len = strlen(name), suffix = sizeof json_suffix - 1;
        if (len > suffix && strcmp(name + len - suffix, json_suffix) == 0) {
            char bare[NAME_MAX_BYTES];
            snprintf(bare, sizeof bare, "%.*s", (int)(len - suffix), name);
            bind_as_json(st, at, json_object_get(args, bare));
        } else {
            bind_value(st, at, json_object_get(args, name));
        }
    }
}

static json_t *blob_hex(const void *blob, int len)
{
    struct digest d;
    char hex[DIGEST_TEXT];
    if (len != DIGEST_SIZE) {
        return json_string("");
    }
    memcpy(d.bytes, blob, DIGEST_SIZE);
    return json_string(digest_hex(&d, hex));
}

static json_t *column_value(sqlite3_stmt *st, int at, char kind)
{
    switch (sqlite3_column_type(st, at)) {
    case SQLITE_INTEGER:
        return kind == '?' ? json_boolean(sqlite3_column_int(st, at) != 0)
                           : json_integer(sqlite3_column_int64(st, at));
    case SQLITE_FLOAT:
        return json_real(sqlite3_column_double(st, at));
    case SQLITE_BLOB:
        return blob_hex(sqlite3_column_blob(st, at), sqlite3_column_bytes(st, at));
    case SQLITE_TEXT:
        if (kind == '}') {
            return json_parse_own((const char *)sqlite3_column_text(st, at));
        }
        return json_stringn(
            (const char *)sqlite3_column_text(st, at), (size_t)sqlite3_column_bytes(st, at));
    default:
        return NULL; /* NULL: the member is left out */
    }
}

json_t *row_object(sqlite3_stmt *st)
{
    json_t *object = json_object();
    for (int at = 0; at < sqlite3_column_count(st); at++) {
        const char *column = sqlite3_column_name(st, at);
        size_t len = strlen(column);
        char kind = column[len - 1];
        len -= kind == '?' ? 1 : kind == '}' ? 2 : 0;
        char name[NAME_MAX_BYTES];
        snprintf(name, sizeof name, "%.*s", (int)len, column);
        json_t *value = column_value(st, at, kind);
        if (value != NULL) {
            json_object_set_new(object, name, value);
        }
    }
    return object;
}

json_t *db_rows(struct db *db, enum sql_statement which, const json_t *args, struct err *err)
{
    sqlite3_stmt *st = db_statement(db, which);
    bind_members(st, args);
    json_t *rows = json_array();
    enum row row;
    while ((row = db_step(db, st, err)) == ROW_THERE) {
        json_array_append_new(rows, row_object(st));
    }
    if (row == ROW_FAILED) {
        json_decref(rows);
        return NULL;
    }
    return rows;
}

json_t *db_row(struct db *db, enum sql_statement which, const json_t *args, struct err *err)
{
    sqlite3_stmt *st = db_statement(db, which);
    bind_members(st, args);
    enum row row = db_step(db, st, err);
    if (row == ROW_FAILED) {
        return NULL;
    }
    json_t *object = row == ROW_THERE ? row_object(st) : json_null();
    sqlite3_reset(st);
    return object;
}

bool db_put(struct db *db, enum sql_statement which, const json_t *args, struct err *err)
{
    sqlite3_stmt *st = db_statement(db, which);
    bind_members(st, args);
    return db_run(db, st, err);
}
