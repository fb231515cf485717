/* script/dsl_clock.c — clock { … }: its steps in order, its pauses, its extension. */
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "domain/span.h"
#include "script/dsl_read.h"

#include <stdio.h>
#include <string.h>

/* "7 days left" or "7 days": the span as the document writes it, and the step's name. */
static bool read_span(struct dsl *d, const char *text, struct span *span_out)
{
    char copy[64];
    snprintf(copy, sizeof copy, "%s", text);
    size_t len = strlen(copy);
    if (len > 5 && strcmp(copy + len - 5, " left") == 0) {
        copy[len - 5] = '\0';
    }
    struct err err = {0};
    if (strlen(text) >= sizeof copy || !span_parse(copy, span_out, &err) || span_out->n == 0) {
        docread_fail(&d->r, NULL, _("“%s” is not a length of time"), text);
        if (d->r.err != NULL) {
            err_hint(d->r.err, _("write it like \"15 days\", \"3 workdays\", \"1 month\""));
        }
        err_clear(&err);
        return false;
    }
    return true;
}

static json_t *new_step(const char *when, struct span span)
{
    char name[48], text[32];
    const char *kind = strcmp(when, "left") == 0 ? "warn" : "late";
    json_t *step = json_pack("{s:s, s:[]}", "when", when, "outcomes");
    if (span.n == 0) {
        snprintf(name, sizeof name, "%s", kind);
    } else {
        snprintf(text, sizeof text, "%d %s", span.n, span_unit_name(span.unit));
        snprintf(name, sizeof name, "%s:%d%s", kind, span.n, span_unit_name(span.unit));
        json_object_set_new(step, "span", json_string(text));
    }
    json_object_set_new(step, "name", json_string(name));
    return step;
}

static void add_outcomes(struct dsl *d, json_t *step, const json_t *list)
{
    json_t *outcomes = json_object_get(step, "outcomes");
    size_t i;
    json_t *value;
    json_array_foreach((json_t *)list, i, value)
    {
        size_t mark = docread_enter_index(&d->r, i);
        json_t *outcome = dsl_outcome(d, value, false);
        docread_leave(&d->r, mark);
        if (outcome == NULL) {
            return;
        }
        json_array_append_new(outcomes, outcome);
    }
}

/* Adds left "…" / after "…" { outcomes }, or a plain "7 days left", which tells who must act. */
static void add_timed_step(
    struct dsl *d, json_t *steps, const json_t *value, const char *word, const char *when)
{
    static const char *const members[] = {"$word", "$name", "$list", NULL};
    bool plain = json_is_string(value);
    if (!plain && !dsl_is(value, word)) {
        docread_fail(&d->r, NULL, _("must be \"7 days left\" or %s \"7 days\" { … }"), word);
        return;
    }
    struct span span = {0, UNIT_DAY};
    if (!read_span(d, plain ? json_string_value(value) : dsl_name(value), &span)) {
        return;
    }
    json_t *step = new_step(when, span);
    if (plain) {
        json_array_append_new(
            json_object_get(step, "outcomes"), json_pack("{s:s}", "do", "notify"));
    } else {
        docread_only(&d->r, value, members);
        add_outcomes(d, step, dsl_list(value));
    }
    json_array_append_new(steps, step);
}

static void read_warnings(struct dsl *d, json_t *steps, const json_t *clock)
{
    const json_t *list = docread_array(&d->r, clock, "warn");
    size_t mark = docread_enter(&d->r, "warn"), i;
    json_t *value;
    json_array_foreach((json_t *)list, i, value)
    {
        size_t inner = docread_enter_index(&d->r, i);
        add_timed_step(d, steps, value, "left", "left");
        docread_leave(&d->r, inner);
    }
    docread_leave(&d->r, mark);
}

/* Outcomes without `after` happen at the end; then the later steps follow. */
void dsl_lateness(struct dsl *d, json_t *steps, const json_t *clock)
{
    const json_t *list = docread_array(&d->r, clock, "late");
    if (json_array_size(list) == 0) {
        return;
    }
    size_t mark = docread_enter(&d->r, "late"), i;
    json_t *first = new_step("late", (struct span){0, UNIT_DAY}), *later = json_array(), *value;
    json_array_foreach((json_t *)list, i, value)
    {
        size_t inner = docread_enter_index(&d->r, i);
        if (dsl_is(value, "after")) {
            add_timed_step(d, later, value, "after", "late");
        } else {
            json_t *outcome = dsl_outcome(d, value, false);
            if (outcome != NULL) {
                json_array_append_new(json_object_get(first, "outcomes"), outcome);
            }
        }
        docread_leave(&d->r, inner);
    }
    docread_leave(&d->r, mark);
    json_array_append_new(steps, first);
    json_array_extend(steps, later);
    json_decref(later);
}

static json_t *read_pause(struct dsl *d, const char *name, const json_t *value)
{
    if (!json_is_string(value)) {
        docread_fail(&d->r, NULL, _("must be the reason in words"));
        return NULL;
    }
    return json_pack("{s:s, s:O}", "state", name, "reason", value);
}

json_t *dsl_clock(struct dsl *d, const char *name, const json_t *value)
{
    static const char *const members[] = {"$word", "title", "term", "limit", "kind", "roll", "from",
        "to", "drop", "profile", "level", "restart_on_host", "start_field", "when", "right",
        "pause", "extend", "warn", "late", NULL};
    static const char *const copied[] = {"title", "term", "limit", "kind", "roll", "profile",
        "restart_on_host", "start_field", "when", "right", "extend", NULL};
    if (!dsl_is(value, "clock")) {
        docread_fail(&d->r, NULL, _("must be clock { … }"));
        return NULL;
    }
    docread_only(&d->r, value, members);
    json_t *clock = json_pack("{s:s}", "title", name);
    dsl_copy(clock, value, copied);
    json_t *from = dsl_names(d, value, "from"), *to = dsl_names(d, value, "to");
    json_object_set_new(clock, "from", from != NULL ? from : json_array());
    if (to != NULL || !json_flag(value, "right")) {
        json_object_set_new(clock, "to", to != NULL ? to : json_array());
    }
    json_t *drop = dsl_names(d, value, "drop");
    if (drop != NULL) {
        json_object_set_new(clock, "drop", drop);
    }
    int level = dsl_level(d, value, "level", -1);
    if (level >= 0) {
        json_object_set_new(clock, "level", json_integer(level));
    }
    json_t *pauses = dsl_section(d, value, "pause", read_pause), *steps = json_array(), *item;
    size_t i;
    json_array_foreach(pauses, i, item)
    {
        json_object_del(item, "name");
    }
    if (pauses != NULL) {
        json_object_set_new(clock, "pause", pauses);
    }
    read_warnings(d, steps, value);
    dsl_lateness(d, steps, value);
    if (json_flag(value, "right") && json_array_size(json_member(value, "late")) == 0) {
        json_array_append_new(steps, new_step("late", (struct span){0, UNIT_DAY})); /* it lapses */
    }
    json_object_set_new(clock, "steps", steps);
    return clock;
}
