/* engine/reveal.c — see reveal.h. The values are read from the case when the reveal is on the disk
 * and are part of no event and of no kept answer. */
#include "engine/reveal.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/party.h"
#include "engine/veil.h"

#include <stdlib.h>
#include <string.h>

#define PARTY "party:"
#define FIELD "field:"

/* A party by its number from one, and a member of it or NULL. False when it is written otherwise.
 */
static bool party_asked(const char *what, size_t *index_out, const char **member_out)
{
    const char *digits = what + strlen(PARTY);
    size_t n = text_starts(what, PARTY) ? strspn(digits, "0123456789") : 0;
    if (n == 0 || n > 4 || (digits[n] != '\0' && (digits[n] != '.' || digits[n + 1] == '\0'))) {
        return false;
    }
    *index_out = (size_t)strtoul(digits, NULL, 10) - 1;
    *member_out = digits[n] == '.' ? digits + n + 1 : NULL;
    return true;
}

static bool unknown(const char *what, struct err *err)
{
    err_set(err, ERR_PARAMS, _("There is nothing like \"%s\" in the case"), what);
    err_hint(err, _("Write party:1.phone, party:1, field:name or all"));
    return err_data(err, "field", json_string("what"));
}

static bool field_fits(const struct engine *e, const struct casefile *c, const struct actor *actor,
    const char *what, struct err *err)
{
    const struct flow *flow = engine_flow_version(e, c->flow_version);
    const char *name = what + strlen(FIELD);
    const struct flow_field *field = flow == NULL ? NULL : flow_field(flow, name);
    if (field == NULL || json_object_get(c->fields, field->name) == NULL) {
        return unknown(what, err);
    }
    if (field->secret != NULL && !engine_sees_secrets(e, c, actor)) {
        err_set(
            err, ERR_FORBIDDEN, _("\"%s\" is for those who handle the case only"), field->title);
        return err_hint(err, _("Ask the body that has the case"));
    }
    return true;
}

bool reveal_fits(const struct engine *e, const struct casefile *c, const struct actor *actor,
    const char *what, struct err *err)
{
    size_t index;
    const char *member;
    if (text_equal(what, "all")) {
        return true;
    }
    if (text_starts(what, FIELD)) {
        return field_fits(e, c, actor, what, err);
    }
    if (!party_asked(what, &index, &member) || index >= json_array_size(c->parties)) {
        return unknown(what, err);
    }
    return member == NULL || json_object_get(json_array_get(c->parties, index), member) != NULL ||
           unknown(what, err);
}

const char *reveal_role(const struct casefile *c, const char *what)
{
    size_t index;
    const char *member;
    return party_asked(what, &index, &member) ? json_text(json_array_get(c->parties, index), "role")
                                              : NULL;
}

/* --- words ------------------------------------------------------------------------------------ */

char *reveal_words(const struct flow *flow, const char *what, const char *role)
{
    size_t index;
    const char *member;
    if (party_asked(what, &index, &member)) {
        return mem_printf(_("%s (party %zu): %s"), role != NULL ? role : "", index + 1,
            member != NULL ? party_member_title(member) : _("everything"));
    }
    if (text_starts(what, FIELD)) {
        const struct flow_field *f = flow == NULL ? NULL : flow_field(flow, what + strlen(FIELD));
        return mem_strdup(f != NULL ? f->title : what);
    }
    return mem_strdup(_("everything"));
}

/* --- values ------------------------------------------------------------------------------------
 */

static void add_value(json_t *list, const char *title, char *what, json_t *value)
{
    json_array_append_new(
        list, json_pack("{s:s,s:s,s:O}", "what", what, "title", title, "value", value));
    mem_free(what);
}

/* Of one party: the member asked for, or every one that the veil changes. */
static void add_party(json_t *list, const struct casefile *c, size_t index, const char *member)
{
    json_t *party = json_array_get(c->parties, index), *value;
    json_t *veiled = veil_parties(c->parties);
    const char *key;
    json_object_foreach(party, key, value)
    {
        const json_t *shown = json_object_get(json_array_get(veiled, index), key);
        if (member != NULL ? text_equal(key, member) : !json_equal(shown, value)) {
            add_value(
                list, party_member_title(key), mem_printf(PARTY "%zu.%s", index + 1, key), value);
        }
    }
    json_decref(veiled);
}

static void add_field(json_t *list, const struct casefile *c, const struct flow_field *f)
{
    json_t *value = json_object_get(c->fields, f->name);
    if (value != NULL) {
        add_value(list, f->title, mem_printf(FIELD "%s", f->name), value);
    }
}

static void add_all(json_t *list, const struct engine *e, const struct casefile *c,
    const struct flow *flow, const struct actor *actor)
{
    for (size_t i = 0; i < json_array_size(c->parties); i++) {
        add_party(list, c, i, NULL);
    }
    bool secrets = engine_sees_secrets(e, c, actor);
    for (size_t i = 0; secrets && flow != NULL && i < flow->field_count; i++) {
        if (flow->fields[i].secret != NULL) {
            add_field(list, c, &flow->fields[i]);
        }
    }
}

json_t *engine_reveal(const struct engine *e, const struct casefile *c, const struct actor *actor,
    const char *what, struct err *err)
{
    const struct flow *flow = engine_flow_version(e, c->flow_version);
    size_t index;
    const char *member;
    if (!reveal_fits(e, c, actor, what, err)) {
        return NULL;
    }
    json_t *list = json_array();
    if (party_asked(what, &index, &member)) {
        add_party(list, c, index, member);
    } else if (text_starts(what, FIELD)) {
        add_field(list, c, flow_field(flow, what + strlen(FIELD)));
    } else {
        add_all(list, e, c, flow, actor);
    }
    return list;
}
