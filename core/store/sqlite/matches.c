/* store/sqlite/matches.c — cases that belong together, and cases that may. Both look at every case
 * and say of each row whether the asker's scope holds it: what to show of the others is not decided
 * here. Cases under seal (without a title) are rows of a lineage only, and no candidates. */
#include "store/sqlite/db.h"

#include "base/json.h"
#include "base/memory.h"

enum { NAMES_MAX = 12, CANDIDATES_MAX = 200 };

static json_t *with_scope(const json_t *args)
{
    json_t *own = json_copy((json_t *)args);
    const json_t *scope = json_object_get(args, "scope");
    json_object_set_new(own, "all", json_boolean(json_flag(scope, "all")));
    json_object_set(own, "bodies", json_object_get(scope, "bodies"));
    json_object_set(own, "paths", json_object_get(scope, "paths"));
    return own;
}

json_t *ask_lineage(struct db *db, const json_t *args, struct err *err)
{
    json_t *own = with_scope(args);
    json_t *rows = db_rows(db, SQL_LINEAGE, own, err);
    json_decref(own);
    return rows;
}

static json_t *row_of(json_t *found, int64_t id)
{
    size_t i;
    json_t *row;
    json_array_foreach(found, i, row)
    {
        if (json_number(row, "id", 0) == id) {
            return row;
        }
    }
    return NULL;
}

/* Adds rows to what was found; each remembers the names it was found by. Takes rows. */
static bool gather(json_t *found, json_t *rows, const char *name)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        json_t *there = row_of(found, json_number(row, "id", 0));
        if (there == NULL && json_array_size(found) < CANDIDATES_MAX) {
            json_object_set_new(row, "names", json_array());
            json_array_append(found, row);
            there = row;
        }
        if (there != NULL && name != NULL) {
            json_array_add_once(json_object_get(there, "names"), name);
        }
    }
    bool ok = rows != NULL;
    json_decref(rows);
    return ok;
}

json_t *ask_matches(struct db *db, const json_t *args, struct err *err)
{
    json_t *own = with_scope(args), *found = json_array(), *name;
    const json_t *names = json_object_get(args, "names");
    bool ok = true;
    size_t i;
    json_array_foreach((json_t *)names, i, name)
    {
        char *query = i < NAMES_MAX ? bigram_query(json_string_value(name)) : NULL;
        if (ok && query != NULL) {
            json_put_text(own, "query", query);
            ok = gather(found, db_rows(db, SQL_MATCHES_BY_NAME, own, err), json_string_value(name));
        }
        mem_free(query);
    }
    ok = ok && gather(found, db_rows(db, SQL_MATCHES_BY_PLACE, own, err), NULL);
    json_decref(own);
    if (!ok) {
        json_decref(found);
        return NULL;
    }
    return found;
}
