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

/* The rows of here that there does not have; new reference. */
static json_t *only_in(const json_t *here, const json_t *there)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < json_array_size(here); i++) {
        json_t *row = json_array_get(here, i);
        bool known = false;
        for (size_t k = 0; k < json_array_size(there) && !known; k++) {
            known = json_equal(row, json_array_get(there, k));
        }
        if (!known) {
            json_array_append(rows, row);
        }
    }
    return rows;
}

json_t *terms_differences(const struct terms *was, const struct terms *now)
{
    json_t *ids = terms_changed(was, now), *list = json_array(), *id;
    size_t i;
    json_array_foreach(ids, i, id)
    {
        json_t *before = rows_of(was, json_string_value(id));
        json_t *after = rows_of(now, json_string_value(id));
        const json_t *named = json_array_get(json_array_size(after) > 0 ? after : before, 0);
        json_array_append_new(
            list, json_pack("{s:O, s:s?, s:o, s:o}", "id", id, "title", json_text(named, "title"),
                      "before", only_in(before, after), "after", only_in(after, before)));
        json_decref(before);
        json_decref(after);
    }
    json_decref(ids);
    return list;
}
