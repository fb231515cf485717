/* engine/links.c — see links.h. */
#include "engine/links.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/cache.h"

#include <stdlib.h>

const json_t *link_find(const struct casefile *c, const char *id)
{
    for (size_t i = 0; i < json_array_size(c->links); i++) {
        const json_t *link = json_array_get(c->links, i);
        if (text_equal(json_text(link, "id"), id)) {
            return link;
        }
    }
    return NULL;
}

int64_t link_case(const json_t *link)
{
    const char *id = json_text(link, "case");
    return id == NULL ? 0 : case_id_parse(id);
}

const json_t *link_to_case(const struct casefile *c, int64_t case_id, const char *kind)
{
    for (size_t i = json_array_size(c->links); i-- > 0;) {
        const json_t *link = json_array_get(c->links, i);
        if (link_case(link) == case_id &&
            (kind == NULL || text_equal(json_text(link, "kind"), kind))) {
            return link;
        }
    }
    return NULL;
}

static bool leads_back(const json_t *link)
{
    const char *kind = json_text(link, "kind");
    return text_equal(kind, "from") || text_equal(kind, "whole");
}

const json_t *link_origin(const struct casefile *c)
{
    for (size_t i = 0; i < json_array_size(c->links); i++) {
        if (leads_back(json_array_get(c->links, i))) {
            return json_array_get(c->links, i);
        }
    }
    return NULL;
}

bool link_sealed(const struct casefile *c)
{
    const json_t *origin = link_origin(c);
    return c->sealed || (origin != NULL && json_flag(origin, "sealed"));
}

bool engine_case_sealed(const struct casefile *c)
{
    return link_sealed(c);
}

const char *engine_case_status(const struct engine *e, const struct casefile *c)
{
    const struct flow *flow = engine_flow_version(e, c->flow_version);
    return flow == NULL ? "open" : links_status(flow, c);
}

const char *links_status(const struct flow *flow, const struct casefile *c)
{
    const struct flow_state *state = c->state == NULL ? NULL : flow_state(flow, c->state);
    return c->closed_ms != 0 ? "closed" : state != NULL && state->handling ? "handling" : "open";
}

/* One more than the highest number in use: an id that was dropped does not come back while a higher
 * one stands. */
static char *next_id(const struct casefile *c)
{
    long highest = 0;
    for (size_t i = 0; i < json_array_size(c->links); i++) {
        const char *id = json_text(json_array_get(c->links, i), "id");
        long n = id == NULL ? 0 : strtol(id + 1, NULL, 10);
        highest = n > highest ? n : highest;
    }
    return mem_printf("l%ld", highest + 1);
}

json_t *link_new(const struct decision *d, const char *kind, const struct flow *flow,
    const struct body *body, const char *status)
{
    char *id = next_id(d->kase);
    json_t *link = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:s}", "id", id, "kind", kind, "flow",
        flow->id, "flow_title", flow->title, "body", body->id, "body_name", body->name, "at_ms",
        (json_int_t)d->at_ms, "status", status);
    mem_free(id);
    return link;
}

void link_put(struct decision *d, json_t *link, const char *news)
{
    json_put_text(link, "news", news);
    decision_put(d, "links", link);
}

/* --- letters ---------------------------------------------------------------------------------- */

json_t *letter_new(struct decision *d, const char *letter, const json_t *link)
{
    const struct casefile *c = d->kase;
    const struct body *host = c->host == NULL ? NULL : org_body(d->engine->org, c->host);
    json_t *o = json_pack("{s:s}", "letter", letter);
    int64_t to = link_case(link);
    if (to != 0) {
        json_put_number(o, "to", to);
    }
    json_put_text(o, "link", json_text(link, "peer"));
    json_put_text(o, "peer", json_text(link, "id"));
    json_put_text(o, "kind", json_text(link, "kind"));
    json_put_number(o, "from", c->id);
    json_put_number(o, "version", c->version + 1);
    json_put_text(o, "status", links_status(d->entry->flow, c));
    if (json_number(link, "received_ms", 0) != 0) {
        json_object_set_new(o, "signed", json_true());
    }
    json_put_text(o, "body", c->host);
    json_put_text(o, "body_name", host == NULL ? c->host : host->name);
    json_put_number(o, "at_ms", d->at_ms);
    if (!link_sealed(c)) { /* who works on it, and under which number, stays there */
        json_put_text(o, "by", d->actor->user);
        json_put_text(o, "from_number", c->number);
    }
    return o;
}

void letter_send(struct decision *d, json_t *letter)
{
    d->letters = true;
    decision_effect(d, LETTER_KIND, letter);
}

/* --- what the others are told by itself ------------------------------------------------------- */

void links_before(const struct decision *d, struct links_before *before)
{
    *before = (struct links_before){
        .status = d->entry == NULL ? NULL : links_status(d->entry->flow, d->kase),
        .host = mem_strdup(d->kase->host),
        .state = mem_strdup(d->kase->state),
    };
}

/* The outcome a case has come to in this decision before it is closed; NULL: none. */
static const char *result_of(const struct decision *d, const struct links_before *before)
{
    const struct casefile *c = d->kase;
    const struct flow_state *state = c->state == NULL ? NULL : flow_state(d->entry->flow, c->state);
    bool entered = before->status != NULL && !text_equal(c->state, before->state);
    return entered && state != NULL && !state->final ? state->outcome : NULL;
}

static const char *letter_for(
    const struct decision *d, const json_t *link, const char *status, const char *result)
{
    if (leads_back(link) && d->receipt == RECEIPT_ACCEPT) {
        return "received";
    }
    if (leads_back(link) && d->receipt == RECEIPT_RETURN) {
        return "returned";
    }
    if (leads_back(link) && result != NULL) {
        return "result";
    }
    return text_equal(status, "closed") ? "closed" : "handling";
}

void links_after(struct decision *d, const struct links_before *before)
{
    const struct casefile *c = d->kase;
    const char *status = links_status(d->entry->flow, c), *result = result_of(d, before);
    bool news = before->status != NULL &&
                (!text_equal(status, before->status) || !text_equal(c->host, before->host));
    for (size_t i = 0; i < json_array_size(c->links); i++) {
        const json_t *link = json_array_get(c->links, i);
        bool answers = leads_back(link) && (d->receipt != RECEIPT_NONE || result != NULL);
        if (link_case(link) == 0 || (!news && !answers)) {
            continue;
        }
        json_t *letter = letter_new(d, letter_for(d, link, status, result), link);
        json_put_text(letter, "reason", json_text(d->event, "reason"));
        if (!link_sealed(c)) {
            json_put_text(letter, "outcome", result != NULL ? result : c->outcome);
        }
        letter_send(d, letter);
    }
}

void links_forget(struct links_before *before)
{
    mem_free(before->host);
    mem_free(before->state);
}
