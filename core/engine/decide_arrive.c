/* engine/decide_arrive.c — a letter "open": the linked case begins at the body it was sent to. */
#include "engine/decide.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/cache.h"
#include "engine/links.h"

/* Where it comes from, for the statistics: official words, not for translation. */
static const char source_handed_over[] = "移送";

static const struct body *addressed(struct decision *d, const json_t *letter, struct err *err)
{
    const char *id = json_text(letter, "body"), *flow_id = json_text(letter, "flow");
    d->entry = flow_id == NULL ? NULL : engine_entry_current(d->engine, flow_id);
    if (d->entry == NULL || flow_arrival(d->entry->flow) == NULL) {
        err_set(err, ERR_STATE, _("The workflow \"%s\" is not in force here"),
            flow_id != NULL ? flow_id : "");
        return NULL;
    }
    const struct body *body = id == NULL ? NULL : org_body(d->engine->org, id);
    if (body == NULL || !body_in_force(body, decision_desk_day(d)) ||
        !body_can_host(body, d->entry->flow->id)) {
        err_set(err, ERR_STATE, _("%s does not handle %s"), body != NULL ? body->name : id,
            d->entry->flow->title);
        return NULL;
    }
    return body;
}

/* What was carried, as far as this workflow takes it; the rest stays in the case it came from. */
static json_t *fields_that_fit(struct decision *d, const json_t *given)
{
    json_t *fields = json_object(), *left_out = json_array(), *value;
    const char *name;
    json_object_foreach((json_t *)given, name, value)
    {
        const struct flow_field *field = flow_field(d->entry->flow, name);
        json_t *kept = field == NULL ? NULL : flow_field_value(field, value, NULL);
        if (kept != NULL) {
            json_object_set_new(fields, field->name, kept);
        } else {
            json_array_append_new(left_out, json_string(name));
        }
    }
    if (json_array_size(left_out) > 0) {
        json_object_set(d->event, "left_out", left_out);
    }
    json_decref(left_out);
    return fields;
}

static void copy_files(struct decision *d, const json_t *files, const char *from)
{
    size_t i;
    json_t *file;
    json_array_foreach((json_t *)files, i, file)
    {
        json_t *copy = json_copy(file);
        json_put_text(copy, "from", from);
        decision_put(d, "files", copy);
    }
}

/* Back to the case it came from; borrowed from the case. */
static const json_t *link_back(struct decision *d, const json_t *letter)
{
    bool sub = text_equal(json_text(letter, "kind"), "sub");
    json_t *link = json_pack("{s:s,s:s,s:s,s:s?,s:s?,s:s?,s:s?,s:I,s:s?,s:s?,s:O?,s:O?}", "id",
        "l1", "kind", sub ? "whole" : "from", "peer", json_text(letter, "peer"), "flow",
        json_text(letter, "from_flow"), "flow_title", json_text(letter, "from_flow_title"), "body",
        json_text(letter, "from_body"), "body_name", json_text(letter, "from_body_name"), "at_ms",
        (json_int_t)json_number(letter, "at_ms", d->now_ms), "reason", json_text(letter, "reason"),
        "status", json_text(letter, "status"), "trail", json_object_get(letter, "trail"), "root",
        json_object_get(letter, "root"));
    char *id = case_id_text(json_number(letter, "from", 0));
    json_put_text(link, "case", id);
    mem_free(id);
    json_put_text(link, "number", json_text(letter, "from_number"));
    json_put_number(link, "seen", json_number(letter, "version", 0));
    if (json_flag(letter, "sealed")) {
        json_object_set_new(link, "sealed", json_true());
    }
    link_put(d, link, "opened");
    return json_array_get(d->kase->links, 0);
}

static void join_lineage(struct decision *d, const json_t *letter)
{
    if (!json_flag(letter, "sealed")) {
        json_t *change = change_new("root");
        json_put_number(change, "to", json_number(letter, "root", 0));
        decision_change(d, change);
    }
}

static void take_content(struct decision *d, const json_t *letter)
{
    if (json_text(letter, "category") != NULL) {
        json_t *change = change_new("category");
        json_put_text(change, "to", json_text(letter, "category"));
        decision_change(d, change);
    }
    json_t *fields = fields_that_fit(d, json_object_get(letter, "fields"));
    opening_classify(d, fields);
    decision_set_fields(d, fields);
    char *from = case_id_text(json_number(letter, "from", 0));
    copy_files(d, json_object_get(letter, "files"), from);
    mem_free(from);
}

bool decide_arrive(struct decision *d, const struct command *c, struct err *err)
{
    const struct flow_profile *profile;
    const struct body *body = addressed(d, c->args, err);
    if (body == NULL || !opening_profile(d, &profile, err)) {
        return false;
    }
    const char *code = json_text(c->args, "place");
    const struct place *place = code == NULL ? NULL : org_place(d->engine->org, code);
    json_t *args = json_pack(
        "{s:s,s:O?}", "source", source_handed_over, "parties", json_object_get(c->args, "parties"));
    opening_record(d, args, place != NULL ? place : body->place, body, profile);
    json_decref(args);
    const json_t *link = link_back(d, c->args);
    join_lineage(d, c->args);
    take_content(d, c->args);
    json_put_text(d->event, "reason", json_text(c->args, "reason"));
    const struct flow_state *arrival = flow_arrival(d->entry->flow);
    if (!decision_enter(d, arrival->name, err)) {
        return false;
    }
    decision_notify(d, arrival->work, "assigned", arrival->title);
    letter_send(d, letter_new(d, "arrived", link));
    return true;
}
