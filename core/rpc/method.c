/* rpc/method.c — the registry: rows of several tables, sorted by name (see method.h). */
#include "rpc/method.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "rpc/params.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct methods {
    struct method_entry *entries; /* owned */
    size_t count;
    uint64_t changes;
};

struct methods *methods_open(void)
{
    return mem_alloc(sizeof(struct methods));
}

void methods_free(struct methods *m)
{
    if (m != NULL) {
        mem_free(m->entries);
        mem_free(m);
    }
}

/* --- is a row complete? ---------------------------------------------------------------------- */

static bool name_good(const char *name)
{
    if (name == NULL || name[0] == '\0') {
        return false;
    }
    for (const char *c = name; *c != '\0'; c++) {
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) &&
            strchr("._", *c) == NULL) {
            return false;
        }
    }
    return true;
}

static bool list_good(
    const struct method *row, const struct param *list, bool docs, struct err *err)
{
    for (const struct param *p = list; p->name != NULL; p++) {
        if (p->type < PARAM_TEXT || p->type > PARAM_ANY) {
            return err_set(err, ERR_CONFIG, "%s: %s has no type", row->name, p->name);
        }
        if (p->doc == NULL || (docs && p->doc[0] == '\0')) {
            return err_set(err, ERR_CONFIG, "%s: %s has no description", row->name, p->name);
        }
        if ((p->type == PARAM_CHOICE) != (p->choices != NULL)) {
            return err_set(
                err, ERR_CONFIG, "%s: %s: choices missing or unused", row->name, p->name);
        }
    }
    return true;
}

static bool example_good(const struct method *row, struct err *err)
{
    json_t *example = json_parse_own(row->example);
    bool good = json_is_object(example) && params_check(row, example, err);
    if (!good) {
        err_set(err, ERR_CONFIG, "%s: the example is not what its own params allow", row->name);
    }
    json_decref(example);
    return good;
}

/* Members of the result beyond the described ones are allowed: protocol 1 only adds. */
static bool result_good(const struct method *row, struct err *err)
{
    json_t *example = json_parse_own(row->example_result);
    bool good = json_is_object(example);
    for (const struct param *p = row->result; good && p->name != NULL; p++) {
        const json_t *value = json_object_get(example, p->name);
        struct err found = {0};
        good = value == NULL || json_is_null(value)
                   ? (p->flags & PARAM_REQUIRED) == 0 ||
                         (value != NULL && (p->flags & PARAM_NULLABLE) != 0)
                   : param_check(p, value, &found);
        if (!good) {
            err_set(err, ERR_CONFIG, "%s: the example result lacks a good %s", row->name, p->name);
        }
        err_clear(&found);
    }
    if (!json_is_object(example)) {
        err_set(err, ERR_CONFIG, "%s: the example result is no JSON object", row->name);
    }
    json_decref(example);
    return good;
}

bool method_check(const struct method *row, struct err *err)
{
    if (!name_good(row->name)) {
        return err_set(err, ERR_CONFIG, "%s: a method's name is noun.verb in lower case",
            row->name != NULL ? row->name : "NULL");
    }
    if (row->fn == NULL || row->summary == NULL || row->summary[0] == '\0' || row->params == NULL ||
        row->result == NULL || row->errors == NULL) {
        return err_set(
            err, ERR_CONFIG, "%s: needs fn, summary, params, result and errors", row->name);
    }
    if (row->example == NULL || row->example_result == NULL) {
        return err_set(err, ERR_CONFIG, "%s: needs an example and its result", row->name);
    }
    return list_good(row, row->params, true, err) && list_good(row, row->result, false, err) &&
           example_good(row, err) && result_good(row, err);
}

/* --- the table ------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const struct method_entry *left = a, *right = b;
    return strcmp(left->row->name, right->row->name);
}

static bool rows_good(
    const struct methods *m, const struct method rows[], size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!method_check(&rows[i], err)) {
            return false;
        }
        bool taken = methods_find(m, rows[i].name) != NULL;
        for (size_t k = 0; k < i; k++) {
            taken = taken || strcmp(rows[k].name, rows[i].name) == 0;
        }
        if (taken) {
            return err_set(err, ERR_CONFIG, _("method %s exists already"), rows[i].name);
        }
    }
    return true;
}

bool methods_add(
    struct methods *m, const struct method rows[], size_t count, void *ctx, struct err *err)
{
    if (!rows_good(m, rows, count, err)) {
        return false;
    }
    m->changes++;
    m->entries = mem_resize(m->entries, (m->count + count + 1) * sizeof *m->entries);
    for (size_t i = 0; i < count; i++) {
        m->entries[m->count++] = (struct method_entry){&rows[i], ctx};
    }
    qsort(m->entries, m->count, sizeof *m->entries, compare);
    return true;
}

void methods_remove(struct methods *m, const struct method rows[], size_t count)
{
    size_t kept = 0;
    m->changes++;
    for (size_t i = 0; i < m->count; i++) {
        bool goes = false;
        for (size_t k = 0; k < count; k++) {
            goes = goes || m->entries[i].row == &rows[k];
        }
        if (!goes) {
            m->entries[kept++] = m->entries[i];
        }
    }
    m->count = kept;
}

const struct method_entry *methods_find(const struct methods *m, const char *name)
{
    struct method wanted = {.name = name};
    struct method_entry key = {&wanted, NULL};
    return m->count == 0 ? NULL : bsearch(&key, m->entries, m->count, sizeof *m->entries, compare);
}

const char *methods_nearest(const struct methods *m, const char *name)
{
    const char **names = mem_array(m->count + 1, sizeof *names);
    for (size_t i = 0; i < m->count; i++) {
        names[i] = m->entries[i].row->name;
    }
    const char *near = text_nearest(name, names, m->count);
    mem_free(names);
    return near;
}

uint64_t methods_changes(const struct methods *m)
{
    return m->changes;
}

size_t methods_count(const struct methods *m)
{
    return m->count;
}

const struct method_entry *methods_at(const struct methods *m, size_t i)
{
    return i < m->count ? &m->entries[i] : NULL;
}
