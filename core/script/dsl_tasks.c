/* script/dsl_tasks.c — joint { … } in a state, task { … } in the flow: who else is asked.
 *
 * Whoever is asked is warned one working day before the limit and told when it is over; that is
 * written into the document, so that it says everything that will happen. */
#include "base/json.h"
#include "base/lang.h"
#include "script/dsl_read.h"

#include <string.h>

/* One target, or { targets }. */
static json_t *read_targets(struct dsl *d, const json_t *owner, const char *member)
{
    const json_t *value = json_member(owner, member);
    json_t *targets = json_array(), *item;
    if (!json_is_array(value)) {
        json_t *target = value != NULL ? dsl_target(d, owner, member) : NULL;
        if (target != NULL) {
            json_array_append_new(targets, target);
        }
        return targets;
    }
    size_t mark = docread_enter(&d->r, member), i;
    json_array_foreach((json_t *)value, i, item)
    {
        size_t inner = docread_enter_index(&d->r, i);
        json_t *one = json_pack("{s:O}", "to", item);
        json_t *target = dsl_target(d, one, "to");
        json_decref(one);
        docread_leave(&d->r, inner);
        if (target == NULL) {
            break;
        }
        json_array_append_new(targets, target);
    }
    docread_leave(&d->r, mark);
    return targets;
}

/* The warning, the end and what the script adds to it. */
static json_t *read_steps(struct dsl *d, const json_t *value)
{
    json_t *steps = json_array();
    if (json_member(value, "limit") == NULL && json_member(value, "term") == NULL) {
        if (json_member(value, "late") != NULL) {
            docread_fail(&d->r, "late", _("nothing is late without a limit: limit = …"));
        }
        return steps;
    }
    json_array_append_new(steps, json_pack("{s:s, s:s, s:s, s:[]}", "name", "warn:1workday", "when",
                                     "left", "span", "1 workday", "outcomes"));
    dsl_lateness(d, steps, value);
    if (json_array_size(steps) == 1) {
        json_array_append_new(
            steps, json_pack("{s:s, s:s, s:[]}", "name", "late", "when", "late", "outcomes"));
    }
    return steps;
}

/* done = "all", "lead" or quorum(2). */
static void read_rule(struct dsl *d, json_t *joint, const json_t *value)
{
    static const char *const rules[] = {"all", "lead", NULL};
    const json_t *done = json_member(value, "done");
    if (done == NULL) {
        return;
    }
    if (!dsl_is(done, "quorum")) {
        if (!json_is_string(done)) {
            docread_fail(&d->r, "done", _("must be \"all\", \"lead\" or quorum(2)"));
        } else if (docread_name(&d->r, value, "done", rules, -1) >= 0) {
            json_object_set(joint, "done", (json_t *)done);
        }
        return;
    }
    int64_t count = json_number(done, "$count", 0);
    if (count < 1) {
        docread_fail(&d->r, "done", _("a quorum says how many answers suffice: quorum(2)"));
    }
    json_object_set_new(joint, "done", json_string("quorum"));
    json_object_set_new(joint, "quorum", json_integer(count));
}

static json_t *read_joint(struct dsl *d, const json_t *value)
{
    static const char *const members[] = {
        "$word", "lead", "to", "title", "term", "limit", "done", "when", "late", NULL};
    static const char *const copied[] = {"title", "term", "limit", "when", NULL};
    if (!dsl_is(value, "joint")) {
        docread_fail(&d->r, NULL, _("joint handling is joint { lead = …, to = { … }, limit = … }"));
        return NULL;
    }
    docread_only(&d->r, value, members);
    json_t *joint = json_object();
    dsl_copy(joint, value, copied);
    if (json_member(value, "lead") != NULL) {
        json_t *lead = dsl_target(d, value, "lead");
        if (lead != NULL) {
            json_object_set_new(joint, "lead", lead);
        }
    }
    json_object_set_new(joint, "to", read_targets(d, value, "to"));
    read_rule(d, joint, value);
    json_object_set_new(joint, "steps", read_steps(d, value));
    return joint;
}

void dsl_state_tasks(struct dsl *d, json_t *state, const json_t *value)
{
    json_t *adhoc = dsl_names(d, value, "adhoc");
    if (adhoc != NULL) {
        json_object_set_new(state, "adhoc", adhoc);
    }
    if (json_member(value, "joint") != NULL) {
        size_t mark = docread_enter(&d->r, "joint");
        json_t *joint = read_joint(d, json_member(value, "joint"));
        docread_leave(&d->r, mark);
        if (joint != NULL) {
            json_object_set_new(state, "joint", joint);
        }
    }
}

json_t *dsl_task(struct dsl *d, const char *name, const json_t *value)
{
    static const char *const members[] = {"$word", "title", "term", "limit", "to", "by", "late",
        "flow", "carry", "lead", "stays", NULL};
    static const char *const copied[] = {"title", "term", "limit", "lead", "stays", NULL};
    if (!dsl_is(value, "task")) {
        docread_fail(&d->r, NULL, _("a task is task { title = …, limit = …, to = … }"));
        return NULL;
    }
    docread_only(&d->r, value, members);
    json_t *task = json_pack("{s:s}", "title", name);
    dsl_copy(task, value, copied);
    json_t *opens = json_member(value, "flow") != NULL ? dsl_sub_case(d, value) : NULL;
    if (opens != NULL) {
        json_object_set_new(task, "hand_over", opens);
    } else {
        json_object_set_new(task, "to", read_targets(d, value, "to"));
    }
    json_t *by = dsl_names(d, value, "by");
    if (by != NULL) {
        json_object_set_new(task, "by", by);
    }
    json_object_set_new(task, "steps", read_steps(d, value));
    return task;
}
