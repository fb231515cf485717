/* script/dsl_read.c — see dsl_read.h. */
#include "script/dsl_read.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool dsl_is(const json_t *value, const char *word)
{
    return text_equal(json_text(value, "$word"), word);
}

const char *dsl_name(const json_t *value)
{
    const char *name = json_text(value, "$name");
    return name != NULL ? name : "";
}

const json_t *dsl_list(const json_t *value)
{
    return json_is_array(value) ? value : json_member(value, "$list");
}

/* Adds the trimmed parts of "a | b". */
static void split_names(json_t *list, const char *text)
{
    while (true) {
        size_t len = strcspn(text, "|");
        const char *from = text, *to = text + len;
        while (from < to && *from == ' ') {
            from++;
        }
        while (to > from && to[-1] == ' ') {
            to--;
        }
        json_array_append_new(list, json_stringn(from, (size_t)(to - from)));
        if (text[len] == '\0') {
            return;
        }
        text += len + 1;
    }
}

json_t *dsl_names(struct dsl *d, const json_t *owner, const char *member)
{
    const json_t *value = json_member(owner, member);
    if (value == NULL) {
        return NULL;
    }
    json_t *list = json_array();
    if (json_is_string(value)) {
        split_names(list, json_string_value(value));
    } else if (json_is_array(value)) {
        json_array_extend(list, (json_t *)value);
    } else {
        docread_fail(&d->r, member, _("must be a name, \"a|b\" or { \"a\", \"b\" }"));
    }
    return list;
}

void dsl_copy(json_t *to, const json_t *from, const char *const members[])
{
    for (; *members != NULL; members++) {
        json_t *value = json_member(from, *members);
        if (value != NULL) {
            json_object_set(to, *members, value);
        }
    }
}

/* --- named things in the order of the script -----------------------------------------------------
 */

struct ordered {
    const char *name;
    int order;
};

static int compare_order(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    return x->order != y->order ? x->order - y->order : strcmp(x->name, y->name);
}

static struct ordered *order_members(struct dsl *d, const json_t *section, size_t *count_out)
{
    struct ordered *all = mem_array(json_object_size(section) + 1, sizeof *all);
    size_t count = 0;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)section, key, value)
    {
        struct outline_place place = {0, 0, 0};
        size_t mark = docread_enter(&d->r, key);
        bool exact = d->outline != NULL && outline_find(d->outline, d->r.path, &place);
        docread_leave(&d->r, mark);
        all[count++] = (struct ordered){key, exact ? place.order : INT32_MAX};
    }
    qsort(all, count, sizeof *all, compare_order);
    *count_out = count;
    return all;
}

json_t *dsl_section(struct dsl *d, const json_t *owner, const char *member, dsl_item_fn fn)
{
    const json_t *section = json_member(owner, member);
    if (section == NULL || (json_is_array(section) && json_array_size(section) == 0)) {
        return NULL;
    }
    if (!json_is_object(section) || json_member(section, "$word") != NULL) {
        docread_fail(&d->r, member, _("must be a table with names: { name = …, … }"));
        return NULL;
    }
    json_t *list = json_array();
    size_t mark = docread_enter(&d->r, member), count;
    struct ordered *all = order_members(d, section, &count);
    for (size_t i = 0; i < count && !d->r.failed; i++) {
        size_t inner = docread_enter(&d->r, all[i].name);
        json_t *item = fn(d, all[i].name, json_object_get(section, all[i].name));
        if (item != NULL) {
            json_object_set_new(item, "name", json_string(all[i].name));
            json_array_append_new(list, item);
        }
        docread_leave(&d->r, inner);
    }
    mem_free(all);
    docread_leave(&d->r, mark);
    return list;
}

/* --- targets and outcomes
 * -------------------------------------------------------------------------- */

int dsl_level(struct dsl *d, const json_t *owner, const char *member, int otherwise)
{
    static const char *const names[] = {
        "grid", "village", "town", "district", "city", "region", NULL};
    const json_t *value = json_member(owner, member);
    if (json_is_integer(value)) {
        return docread_int(&d->r, owner, member, 0, 9, otherwise);
    }
    return docread_name(&d->r, owner, member, names, otherwise);
}

static json_t *word_target(struct dsl *d, const json_t *value)
{
    static const char *const members[] = {"$word", "$name", "level", "min", "max", NULL};
    docread_only(&d->r, value, members);
    json_t *target =
        json_pack("{s:s, s:s}", "kind", json_text(value, "$word"), "name", dsl_name(value));
    int level = dsl_level(d, value, "level", -1);
    int min = level >= 0 ? level : dsl_level(d, value, "min", -1);
    int max = level >= 0 ? level : dsl_level(d, value, "max", -1);
    if (min >= 0) {
        json_object_set_new(target, "min", json_integer(min));
    }
    if (max >= 0) {
        json_object_set_new(target, "max", json_integer(max));
    }
    return target;
}

json_t *dsl_target(struct dsl *d, const json_t *owner, const char *member)
{
    static const char *const plain[] = {
        "host", "parent", "origin", "review", "previous", "routes", "common", NULL};
    const json_t *value = json_member(owner, member);
    if (value == NULL) {
        docread_fail(&d->r, member, _("is missing"));
        return NULL;
    }
    if (json_is_string(value)) {
        int kind = docread_name(&d->r, owner, member, plain, -1);
        return kind >= 0 ? json_pack("{s:s}", "kind", plain[kind]) : NULL;
    }
    if (!dsl_is(value, "kind") && !dsl_is(value, "agency") && !dsl_is(value, "field") &&
        !dsl_is(value, "common")) {
        docread_fail(&d->r, member,
            _("must be \"parent\", \"origin\", \"review\", \"previous\", \"routes\", \"common\", "
              "kind \"…\", agency \"…\", field \"…\" or common \"…\""));
        return NULL;
    }
    size_t mark = docread_enter(&d->r, member);
    json_t *target = word_target(d, value);
    docread_leave(&d->r, mark);
    return target;
}

json_t *dsl_outcome(struct dsl *d, const json_t *value, bool hook)
{
    static const char *const words[] = {
        "mark", "unmark", "escalate", "supervise", "go", "notify", "effect", "set", NULL};
    static const char *const members[] = {"$word", "$name", "to", "unless", "reason", "data", NULL};
    int kind = docread_name(&d->r, value, "$word", words, -1);
    if (kind < 0 || kind == 7) { /* set: dsl_outcomes takes it apart */
        docread_fail(&d->r, NULL,
            _("an outcome is mark, unmark, escalate, supervise, go, notify or effect"));
        return NULL;
    }
    json_t *outcome = json_pack("{s:s}", "do", words[kind]);
    docread_only(&d->r, value, members);
    const char *name = dsl_name(value);
    if (name[0] != '\0' && !(kind == 5 && strcmp(name, "acting") == 0)) {
        json_object_set_new(outcome, "name", json_string(name));
    }
    if (kind == 2 || kind == 3) {
        json_t *to = dsl_target(d, value, "to");
        if (to != NULL) {
            json_object_set_new(outcome, "to", to);
        }
    }
    static const char *const copied[] = {"unless", "reason", NULL};
    static const char *const with_data[] = {"unless", "reason", "data", NULL};
    dsl_copy(outcome, value, hook ? with_data : copied);
    return outcome;
}
