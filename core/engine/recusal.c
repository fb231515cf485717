/* engine/recusal.c — see recusal.h. */
#include "engine/recusal.h"

#include "base/json.h"
#include "base/text.h"
#include "engine/roles.h"
#include "engine/words.h"

enum { NAMED_MAX = 5 }; /* names in a hint */

static const json_t *item_of(const struct casefile *c, const char *user)
{
    for (size_t i = 0; user != NULL && i < json_array_size(c->recused); i++) {
        const json_t *item = json_array_get(c->recused, i);
        if (text_equal(json_text(item, "id"), user)) {
            return item;
        }
    }
    return NULL;
}

/* A party that is known as a person of the organisation: nobody handles a matter of their own. */
static bool is_party(const struct casefile *c, const char *user)
{
    bool found = false;
    for (size_t i = 0; user != NULL && i < json_array_size(c->parties); i++) {
        found = found || text_equal(json_text(json_array_get(c->parties, i), "person"), user);
    }
    return found;
}

bool recused(const struct casefile *c, const char *user)
{
    return item_of(c, user) != NULL || is_party(c, user);
}

json_t *recusal_without(const struct casefile *c, json_t *users)
{
    json_t *left = json_array();
    for (size_t i = 0; i < json_array_size(users); i++) {
        json_t *user = json_array_get(users, i);
        if (!recused(c, json_string_value(user))) {
            json_array_append(left, user);
        }
    }
    json_decref(users);
    return left;
}

/* Who else of the role that must act now; "" when nobody is left. */
static void name_others(const struct engine *e, const json_t *who, struct buf *out)
{
    const json_t *users = json_object_get(who, "users");
    for (size_t i = 0; i < json_array_size(users) && i < NAMED_MAX; i++) {
        buf_addf(out, "%s%s", i > 0 ? _(", ") : "",
            person_name(e, json_string_value(json_array_get(users, i))));
    }
}

static void hint_others(const struct engine *e, const struct casefile *c, struct err *err)
{
    const struct flow *flow = engine_flow_version(e, c->flow_version);
    const struct flow_state *state = flow == NULL ? NULL : flow_state(flow, c->state);
    struct date today = date_of_instant(engine_now_ms(e));
    if (err == NULL || state == NULL || state->work == NULL) {
        return;
    }
    json_t *who = role_who(e, c, flow, state->work, today);
    struct buf names = {0};
    name_others(e, who, &names);
    const struct body *above = role_seat(e, c, AT_PARENT);
    if (names.len > 0) {
        err_hint(
            err, _("It can be done by: %s, %s"), buf_text(&names), json_text(who, "body_name"));
    } else {
        err_hint(err, _("Nobody is left there: ask %s to take it over"),
            above != NULL ? above->name : "—");
    }
    buf_close(&names);
    err_data(err, "who", json_pack("[o]", who));
}

bool recusal_allows(
    const struct engine *e, const struct casefile *c, const char *user, struct err *err)
{
    const json_t *item = item_of(c, user);
    if (item == NULL && !is_party(c, user)) {
        return true;
    }
    if (item == NULL) {
        err_set(err, ERR_FORBIDDEN, _("%s is a party of case %s and does not handle it"),
            person_name(e, user), c->number);
    } else {
        err_set(err, ERR_FORBIDDEN, _("%s is recused from case %s: %s"), person_name(e, user),
            c->number, json_text(item, "reason"));
    }
    err_data(err, "recused", json_string(user));
    hint_others(e, c, err);
    return false;
}

json_t *recusal_page(const struct engine *e, const struct casefile *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(c->recused); i++) {
        const json_t *item = json_array_get(c->recused, i);
        const char *user = json_text(item, "id"), *by = json_text(item, "by");
        char at[INSTANT_TEXT];
        json_array_append_new(list,
            json_pack("{s:s?,s:s?,s:s?,s:s?,s:s?,s:s}", "user", user, "user_name",
                person_name(e, user), "reason", json_text(item, "reason"), "by", by, "by_name",
                person_name(e, by), "at", instant_format(json_number(item, "at_ms", 0), at)));
    }
    return list;
}
