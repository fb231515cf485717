/* script/dsl_links.c — hand_over "workflow" { … }: where the matter goes, what goes along, and what
 * happens here when it is heard of. */
#include "base/json.h"
#include "base/lang.h"
#include "script/dsl_read.h"

#include <string.h>

static json_t *read_carried(struct dsl *d, const char *name, const json_t *value)
{
    (void)name;
    if (!json_is_string(value)) {
        docread_fail(&d->r, NULL, _("must be the name of a field of this case"));
        return NULL;
    }
    return json_pack("{s:O}", "from", value);
}

/* { go "state", mark "red" }, at the place the path names. */
static json_t *outcomes_of(struct dsl *d, const json_t *list)
{
    json_t *outcomes = json_array(), *value;
    size_t i;
    if (!json_is_array(list) && json_object_size(list) > 0) {
        docread_fail(&d->r, NULL, _("must be a list of outcomes: { go \"state\" }"));
    }
    json_array_foreach((json_t *)list, i, value)
    {
        size_t mark = docread_enter_index(&d->r, i);
        json_t *outcome = dsl_outcome(d, value, false);
        docread_leave(&d->r, mark);
        if (outcome == NULL) {
            break;
        }
        json_array_append_new(outcomes, outcome);
    }
    return outcomes;
}

/* ["outcome"] = { … }; otherwise = { … } stands for every other one. */
static json_t *read_ending(struct dsl *d, const char *name, const json_t *value)
{
    json_t *ending = json_pack("{s:o}", "outcomes", outcomes_of(d, value));
    if (strcmp(name, "otherwise") != 0) {
        json_object_set_new(ending, "outcome", json_string(name));
    }
    return ending;
}

static json_t *read_endings(struct dsl *d, const json_t *hand_over)
{
    json_t *endings = dsl_section(d, hand_over, "closed", read_ending), *ending;
    size_t i;
    json_array_foreach(endings, i, ending)
    {
        json_object_del(ending, "name");
    }
    return endings;
}

static json_t *read_reactions(struct dsl *d, const json_t *hand_over, const char *member)
{
    const json_t *list = json_member(hand_over, member);
    if (list == NULL) {
        return NULL;
    }
    size_t mark = docread_enter(&d->r, member);
    json_t *outcomes = outcomes_of(d, list);
    docread_leave(&d->r, mark);
    return outcomes;
}

static void put(json_t *doc, const char *member, json_t *value)
{
    if (value != NULL) {
        json_object_set_new(doc, member, value);
    }
}

json_t *dsl_sub_case(struct dsl *d, const json_t *task)
{
    const json_t *flow = json_member(task, "flow");
    if (!json_is_string(flow)) {
        docread_fail(&d->r, "flow", _("must be the id of a workflow"));
        return NULL;
    }
    json_t *sub_case = json_pack("{s:O}", "flow", flow);
    put(sub_case, "to", dsl_target(d, task, "to"));
    put(sub_case, "carry", dsl_section(d, task, "carry", read_carried));
    return sub_case;
}

json_t *dsl_hand_over(struct dsl *d, const json_t *action)
{
    static const char *const members[] = {"$word", "$name", "to", "carry", "max_hops", "sealed",
        "received", "returned", "closed", NULL};
    static const char *const copied[] = {"max_hops", "sealed", NULL};
    const json_t *value = json_member(action, "hand_over");
    if (!dsl_is(value, "hand_over") || dsl_name(value)[0] == '\0') {
        docread_fail(
            &d->r, "hand_over", _("must be hand_over \"workflow\" { to = …, carry = { … } }"));
        return NULL;
    }
    size_t mark = docread_enter(&d->r, "hand_over");
    docread_only(&d->r, value, members);
    json_t *hand_over = json_pack("{s:s}", "flow", dsl_name(value));
    dsl_copy(hand_over, value, copied);
    put(hand_over, "to", dsl_target(d, value, "to"));
    put(hand_over, "carry", dsl_section(d, value, "carry", read_carried));
    put(hand_over, "received", read_reactions(d, value, "received"));
    put(hand_over, "returned", read_reactions(d, value, "returned"));
    put(hand_over, "closed", read_endings(d, value));
    docread_leave(&d->r, mark);
    return hand_over;
}
