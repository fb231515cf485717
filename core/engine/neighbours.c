/* engine/neighbours.c — do the workflows in force fit each other? Judged as a whole set: a new
 * version can break the hand-overs of others that nobody touched. */
#include "engine/engine.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/cache.h"

/* Of one workflow: its rows, with the workflow they are about and the line in its script. */
static void add_rows(const struct engine *e, const struct flow *f, json_t *rows, json_t *all)
{
    const struct flow_entry *entry = engine_entry(e, f->version);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        const char *path = json_text(row, "path");
        int line = entry != NULL && entry->script != NULL && path != NULL
                       ? script_line(entry->script, path)
                       : 0;
        json_put_text(row, "flow", f->id);
        json_put_text(row, "flow_title", f->title);
        json_put_text(row, "file", f->file);
        if (line > 0) {
            json_put_number(row, "line", line);
        }
        json_array_append(all, row);
    }
    json_decref(rows);
}

json_t *engine_verify_links(const struct engine *e, const struct flow *instead)
{
    size_t count = engine_flow_count(e), known_count = 0;
    const struct flow **known = mem_array(count + 1, sizeof *known);
    for (size_t i = 0; i < count; i++) {
        const struct flow *f = engine_flow_at(e, i);
        if (instead == NULL || !text_equal(f->id, instead->id)) {
            known[known_count++] = f;
        }
    }
    if (instead != NULL) {
        known[known_count++] = instead;
    }
    json_t *all = json_array();
    for (size_t i = 0; i < known_count; i++) {
        add_rows(e, known[i], flow_verify_links(known[i], known, known_count, false), all);
    }
    mem_free(known);
    return all;
}

static bool same_row(const json_t *a, const json_t *b)
{
    static const char *const members[] = {"flow", "id", "path", "message"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (!text_equal(json_text(a, members[i]), json_text(b, members[i]))) {
            return false;
        }
    }
    return true;
}

static bool stands_in(const json_t *rows, const json_t *row)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        if (same_row(json_array_get(rows, i), row)) {
            return true;
        }
    }
    return false;
}

json_t *engine_links_broken(const struct engine *e, const struct flow *instead)
{
    json_t *before = engine_verify_links(e, NULL), *after = engine_verify_links(e, instead), *row;
    json_t *broken = json_array();
    size_t i;
    json_array_foreach(after, i, row)
    {
        bool error = text_equal(json_text(row, "level"), "error");
        bool own = text_equal(json_text(row, "flow"), instead->id);
        if (error && !own && !stands_in(before, row)) {
            json_array_append(broken, row);
        }
    }
    json_decref(before);
    json_decref(after);
    return broken;
}
