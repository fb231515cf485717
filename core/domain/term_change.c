/* domain/term_change.c — what differs between two registers of terms. */
#include "domain/term.h"

#include "base/json.h"
#include "base/text.h"

/* Every row of an id, in the order of the register; new reference. */
static json_t *rows_of(const struct terms *t, const char *id)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < terms_count(t); i++) {
        if (text_equal(terms_at(t, i)->id, id)) {
            json_array_append_new(rows, term_json(terms_at(t, i)));
        }
    }
    return rows;
}

static bool listed(const json_t *ids, const char *id)
{
    for (size_t i = 0; i < json_array_size(ids); i++) {
        if (text_equal(json_string_value(json_array_get(ids, i)), id)) {
            return true;
        }
    }
    return false;
}

static void compare(
    json_t *ids, const struct terms *here, const struct terms *was, const struct terms *now)
{
    for (size_t i = 0; i < terms_count(here); i++) {
        const char *id = terms_at(here, i)->id;
        json_t *before = rows_of(was, id), *after = rows_of(now, id);
        if (!json_equal(before, after) && !listed(ids, id)) {
            json_array_append_new(ids, json_string(id));
        }
        json_decref(before);
        json_decref(after);
    }
}

json_t *terms_changed(const struct terms *was, const struct terms *now)
{
    json_t *ids = json_array();
    compare(ids, was, was, now);
    compare(ids, now, was, now);
    return ids;
}
