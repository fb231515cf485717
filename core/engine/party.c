/* engine/party.c — see party.h. */
#include "engine/party.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "domain/flow.h"
#include "engine/links.h"

#include <stdint.h>

static const char *const titles[][2] = {
    {"role", N_("role in the case")},
    {"name", N_("name")},
    {"sex", N_("sex")},
    {"nation", N_("nationality")},
    {"age", N_("age")},
    {"job", N_("occupation")},
    {"phone", N_("telephone")},
    {"mobile", N_("mobile telephone")},
    {"id_number", N_("identity card number")},
    {"address", N_("address")},
    {"representative", N_("representative")},
    {"person", N_("login name of the person")},
};

enum { MEMBERS = sizeof titles / sizeof titles[0] };

const char *party_member_title(const char *key)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        if (text_equal(titles[i][0], key)) {
            return _(titles[i][1]);
        }
    }
    return key;
}

const char *party_member_key(const char *word)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        if (text_equal(titles[i][0], word) || text_equal(_(titles[i][1]), word)) {
            return titles[i][0];
        }
    }
    return NULL;
}

const char *party_member_near(const char *word)
{
    const char *names[2 * MEMBERS];
    for (size_t i = 0; i < MEMBERS; i++) {
        names[2 * i] = titles[i][0];
        names[2 * i + 1] = _(titles[i][1]);
    }
    return text_nearest(word, names, 2 * MEMBERS);
}

/* --- in a list -------------------------------------------------------------------------------- */

struct side {
    const char *role, *first;
    size_t count;
};

static void add_side(struct buf *out, const struct side *s)
{
    if (s->count > 0) {
        buf_adds(out, out->len > 0 ? "／" : "");
        buf_adds(out, s->first);
    }
    if (s->count > 1) { /* data, as the names are: it is kept with the case */
        buf_addf(out, "等%zu人", s->count);
    }
}

char *party_names(const struct casefile *c)
{
    struct side sides[2] = {0};
    for (size_t i = 0; i < json_array_size(c->parties); i++) {
        const json_t *p = json_array_get(c->parties, i);
        const char *role = json_text(p, "role"), *name = json_text(p, "name");
        for (size_t k = 0; name != NULL && k < 2; k++) {
            if (sides[k].count == 0 || text_equal(sides[k].role, role)) {
                sides[k].role = role;
                sides[k].first = sides[k].count == 0 ? name : sides[k].first;
                sides[k].count++;
                break;
            }
        }
    }
    struct buf out = {0};
    if (!c->sealed && !link_sealed(c)) {
        add_side(&out, &sides[0]);
        add_side(&out, &sides[1]);
    }
    return out.len > 0 ? buf_take(&out) : NULL;
}

/* --- in the history --------------------------------------------------------------------------- */

static void add_value(struct buf *out, const json_t *value)
{
    if (json_is_integer(value)) {
        buf_addf(out, "%lld", (long long)json_integer_value(value));
    } else if (json_is_boolean(value)) {
        buf_adds(out, json_is_true(value) ? _("yes") : _("no"));
    } else if (json_is_string(value)) {
        buf_adds(out, json_string_value(value));
    } else if (value == NULL) {
        buf_adds(out, _("(empty)"));
    } else {
        char *text = json_compact(value);
        buf_adds(out, text);
        mem_free(text);
    }
}

static void add_step(struct buf *out, const char *title, const json_t *from, const json_t *to)
{
    buf_addf(out, "%s%s: ", out->len > 0 ? "; " : "", title);
    add_value(out, from);
    buf_adds(out, " → ");
    add_value(out, to);
}

/* What differs between the two; the members that are gone come last. */
static void add_differences(struct buf *out, const json_t *was, const json_t *now)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)now, key, value)
    {
        const json_t *before = json_object_get(was, key);
        if (before == NULL || !json_equal(before, value)) {
            add_step(out, party_member_title(key), before, value);
        }
    }
    json_object_foreach((json_t *)(uintptr_t)was, key, value)
    {
        if (json_object_get(now, key) == NULL) {
            add_step(out, party_member_title(key), value, NULL);
        }
    }
}

char *party_change_words(const json_t *change)
{
    const json_t *was = json_array_get(json_object_get(change, "was"), 0);
    const json_t *now = json_array_get(json_object_get(change, "now"), 0);
    const json_t *who = was != NULL ? was : now;
    if (who == NULL) {
        return NULL;
    }
    const char *role = json_text(who, "role"), *name = json_text(who, "name");
    if (was == NULL || now == NULL) {
        return mem_printf(was == NULL ? _("party added: %s %s") : _("party taken out: %s %s"),
            role != NULL ? role : "", name != NULL ? name : "");
    }
    struct buf out = {0};
    add_differences(&out, was, now);
    char *line = mem_printf(_("party corrected: %s %s (%s)"), role != NULL ? role : "",
        name != NULL ? name : "", out.len > 0 ? buf_text(&out) : _("a number"));
    buf_close(&out);
    return line;
}

char *corrected_words(const struct flow *flow, const json_t *change)
{
    struct buf out = {0};
    const json_t *was = json_object_get(change, "was"), *set = json_object_get(change, "set");
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)set, name, value)
    {
        const struct flow_field *f = flow == NULL ? NULL : flow_field(flow, name);
        add_step(&out, f != NULL ? f->title : name, json_object_get(was, name), value);
    }
    return out.len > 0 ? buf_take(&out) : NULL;
}
