/* engine/hand_over.c — see hand_over.h. The rules are those of DOMAIN §2.e: copies go along, the
 * receiver signs, hops are limited, and two bodies that send a matter to and fro are helped by
 * their common superior. */
#include "engine/hand_over.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"
#include "engine/links.h"
#include "engine/roles.h"

/* --- what speaks against it ------------------------------------------------------------------- */

/* A duty is late, a right that ran out was cancelled: the day it ended on is past in both. */
static bool is_over(const struct case_clock *k, int64_t at_ms)
{
    bool lapsed = k->state == CLOCK_RUNNING || k->state == CLOCK_CANCELLED;
    return k->state == CLOCK_LATE || k->was_late || (lapsed && at_ms > k->due.due_ms);
}

static bool within_clock(
    const struct decision *d, const struct flow_action *action, struct err *err)
{
    const struct case_clock *k =
        action->within == NULL ? NULL : casefile_clock(d->kase, action->within);
    if (k == NULL || !is_over(k, d->at_ms)) {
        return true;
    }
    char day[DATE_TEXT];
    err_set(err, ERR_STATE, _("\"%s\" was possible until %s (%s)"), action->title,
        date_format(k->due.legal, day), k->title);
    return err_hint(err, _("The case stays here; if it belongs elsewhere, hand it over"));
}

/* Hand-overs the matter has behind it: one station each. */
static const json_t *trail_of(const struct casefile *c)
{
    return json_member(link_origin(c), "trail");
}

static bool ask_designation(struct err *err)
{
    return err_hint(err, _("Ask the common superior of the bodies to designate who handles it"));
}

static bool hops_left(const struct decision *d, const struct flow_action *action, struct err *err)
{
    size_t hops = json_array_size(trail_of(d->kase));
    if (hops < (size_t)action->hand_over->max_hops) {
        return true;
    }
    err_set(err, ERR_STATE, _("The matter was handed over %zu times already, %d are allowed"), hops,
        action->hand_over->max_hops);
    return ask_designation(err);
}

static bool is_below(const struct decision *d, const char *body)
{
    const struct org *org = d->engine->org;
    const struct body *b = body == NULL ? NULL : org_body(org, body);
    const struct body *host = d->kase->host == NULL ? NULL : org_body(org, d->kase->host);
    return b != NULL && host != NULL && b != host && place_within(b->place, host->place);
}

/* A level that handles a matter is not passed over from above. */
static bool matter_is_free(
    const struct decision *d, const struct flow_action *action, struct err *err)
{
    for (size_t i = 0; action->takes && i < json_array_size(d->kase->links); i++) {
        const json_t *link = json_array_get(d->kase->links, i);
        if (!text_equal(json_text(link, "kind"), "same") ||
            !text_equal(json_text(link, "status"), "handling") ||
            !is_below(d, json_text(link, "body"))) {
            continue;
        }
        err_set(err, ERR_STATE, _("%s is handling the same matter: case %s (%s)"),
            json_text(link, "body_name"), json_text(link, "number"), json_text(link, "flow_title"));
        err_hint(err, _("Wait for its result, supervise it, or remove the link when it is another "
                        "matter"));
        return err_data(err, "link", json_incref((json_t *)link));
    }
    return true;
}

bool hand_over_allows(const struct decision *d, const struct flow_action *action, struct err *err)
{
    return within_clock(d, action, err) &&
           (action->hand_over == NULL || hops_left(d, action, err)) &&
           matter_is_free(d, action, err);
}

/* --- the same two bodies a second time -------------------------------------------------------- */

static bool is_open(const json_t *link)
{
    static const char *const ended[] = {"returned", "closed"};
    const char *status = json_text(link, "status");
    return !text_equal(status, ended[0]) && !text_equal(status, ended[1]);
}

/* Was it given to the body before, under this workflow? */
static bool went_there(
    const struct decision *d, const struct flow *flow, const struct body *to, struct err *err)
{
    for (size_t i = 0; i < json_array_size(d->kase->links); i++) {
        const json_t *link = json_array_get(d->kase->links, i);
        if (!text_equal(json_text(link, "kind"), "to") ||
            !text_equal(json_text(link, "body"), to->id) ||
            !text_equal(json_text(link, "flow"), flow->id)) {
            continue;
        }
        if (is_open(link)) {
            const char *number = json_text(link, "number");
            err_set(err, ERR_STATE, _("The matter is at %s already (%s)"), to->name,
                number != NULL ? number : flow->title);
            err_hint(err, _("Wait for their answer, or ask them to give it back"));
            return true;
        }
        if (text_equal(json_text(link, "status"), "returned")) {
            err_set(err, ERR_STATE, _("%s gave the matter back already"), to->name);
            ask_designation(err);
            return true;
        }
    }
    return false;
}

static bool station_is(const json_t *station, const char *flow, const char *body)
{
    return text_equal(json_text(station, "body"), body) &&
           text_equal(json_text(station, "flow"), flow);
}

/* Does the matter go back, under the workflow it had there, to a body that handed it to this one?
 */
static bool came_from(
    const struct decision *d, const struct flow *flow, const struct body *to, struct err *err)
{
    const struct casefile *c = d->kase;
    const json_t *trail = trail_of(c);
    size_t n = json_array_size(trail);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(trail, i), *next = json_array_get(trail, i + 1);
        const char *after = next == NULL ? c->host : json_text(next, "body");
        bool back = station_is(one, flow->id, to->id) && text_equal(after, c->host);
        bool again = text_equal(json_text(one, "body"), c->host) && next != NULL &&
                     station_is(next, flow->id, to->id);
        if (back || again) {
            const struct body *host = org_body(d->engine->org, c->host);
            err_set(err, ERR_STATE,
                _("The matter went between %s and %s before: it is not sent to and fro"),
                host == NULL ? c->host : host->name, to->name);
            ask_designation(err);
            return true;
        }
    }
    return false;
}

/* --- sending ---------------------------------------------------------------------------------- */

static json_t *trail_with_this(const struct decision *d)
{
    const struct casefile *c = d->kase;
    const json_t *before = trail_of(c);
    const struct body *host = org_body(d->engine->org, c->host);
    json_t *trail = before == NULL ? json_array() : json_copy((json_t *)before);
    json_array_append_new(
        trail, json_pack("{s:s,s:s,s:s,s:I}", "flow", c->flow, "body", c->host, "body_name",
                   host == NULL ? c->host : host->name, "at_ms", (json_int_t)d->at_ms));
    return trail;
}

static json_t *carried(const struct decision *d, const struct linked_case *order)
{
    json_t *fields = json_object();
    for (size_t i = 0; i < order->carry_count; i++) {
        json_t *value = json_object_get(d->kase->fields, order->carry[i].from);
        if (value != NULL) {
            json_object_set(fields, order->carry[i].to, value);
        }
    }
    return fields;
}

static void belong_together(struct decision *d)
{
    if (d->kase->root == 0 && !link_sealed(d->kase)) {
        json_t *change = change_new("root");
        json_put_number(change, "to", d->kase->id);
        decision_change(d, change);
    }
}

/* The lineage a case under seal came from stands in its link only: lists do not show it there. */
static int64_t root_of(const struct casefile *c)
{
    return c->root != 0 ? c->root : json_number(link_origin(c), "root", c->id);
}

static void send_opening(struct decision *d, const struct linked_case *order, const json_t *link)
{
    const struct casefile *c = d->kase;
    json_t *letter = letter_new(d, "open", link);
    json_put_text(letter, "flow", order->flow->id);
    json_put_text(letter, "body", order->body->id);
    json_put_text(letter, "from_body", c->host);
    json_put_text(letter, "from_body_name", org_body(d->engine->org, c->host)->name);
    json_put_text(letter, "from_flow", c->flow);
    json_put_text(letter, "from_flow_title", d->entry->flow->title);
    json_put_text(letter, "place", c->place);
    json_put_text(letter, "category", c->category);
    json_put_text(letter, "reason", order->reason);
    json_put_number(letter, "root", root_of(c));
    json_object_set_new(letter, "sealed", json_boolean(order->sealed));
    json_object_set_new(letter, "trail", trail_with_this(d));
    json_object_set_new(letter, "fields", carried(d, order));
    json_object_set(letter, "parties", c->parties);
    json_object_set(letter, "files", c->files);
    letter_send(d, letter);
}

const char *linked_case_open(struct decision *d, const struct linked_case *order)
{
    belong_together(d);
    json_t *link = link_new(d, order->kind, order->flow, order->body, "sent");
    json_put_text(link, "reason", order->reason);
    json_put_text(link, "action", order->action);
    json_put_text(link, "stands", d->kase->state);
    json_put_text(link, "told", links_status(d->entry->flow, d->kase));
    if (order->sealed) {
        json_object_set_new(link, "sealed", json_true());
    }
    link_put(d, link, "sent");
    const json_t *kept = json_array_get(d->kase->links, json_array_size(d->kase->links) - 1);
    send_opening(d, order, kept);
    return json_text(kept, "id");
}

static bool hand_over(struct decision *d, const struct flow_action *action, struct err *err)
{
    const struct flow_hand_over *h = action->hand_over;
    const struct flow_entry *entry = engine_entry_current(d->engine, h->flow);
    if (entry == NULL || flow_arrival(entry->flow) == NULL) {
        err_set(err, ERR_STATE,
            _("\"%s\" hands over to the workflow \"%s\", which is not in force here"),
            action->title, h->flow);
        return err_hint(err, _("An administrator has to deploy it"));
    }
    const struct flow *flow = entry->flow;
    const struct body *to = target_hosting(d, &h->to, flow, false, err);
    if (to == NULL || went_there(d, flow, to, err) || came_from(d, flow, to, err)) {
        return false;
    }
    if (!body_can_host(to, flow->id)) {
        return err_set(err, ERR_STATE, _("%s does not handle %s"), to->name, flow->title);
    }
    linked_case_open(d, &(struct linked_case){.kind = "to",
                            .flow = flow,
                            .body = to,
                            .carry = h->carry,
                            .carry_count = h->carry_count,
                            .sealed = h->sealed || link_sealed(d->kase),
                            .action = action->name,
                            .reason = json_text(d->event, "reason")});
    return true;
}

/* The letter that tells the sender is written when the act is complete (links_after). */
static void sign(struct decision *d)
{
    const json_t *origin = link_origin(d->kase);
    if (origin != NULL && json_number(origin, "received_ms", 0) == 0) {
        json_t *link = json_copy((json_t *)origin);
        json_put_number(link, "received_ms", d->at_ms);
        link_put(d, link, "signed");
    }
}

bool hand_over_follow(struct decision *d, const struct flow_action *action, struct err *err)
{
    d->receipt = action->receipt;
    if (action->receipt == RECEIPT_ACCEPT) {
        sign(d);
    }
    return action->hand_over == NULL || hand_over(d, action, err);
}
