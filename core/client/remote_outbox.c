/* client/remote_outbox.c — changes on their way: kept, sent in order, and filed by the answer. */
#include "client/remote.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/home.h"
#include "client/outbox_order.h"

#include <stdlib.h>
#include <string.h>

bool remote_outbox(struct client *c, struct err *err)
{
    if (c->outbox == NULL) {
        char *folder = home_path(HOME_DATA, "outbox");
        c->outbox = outbox_open(folder, err);
        mem_free(folder);
        if (c->outbox != NULL) {
            outbox_tidy(c->outbox, wallclock_now_ms(&c->clock));
        }
    }
    return c->outbox != NULL;
}

char *remote_sender(const struct client *c)
{
    const char *user = json_text(c->login, "user");
    return mem_printf("%s@%s", user != NULL ? user : "", c->server);
}

void remote_settle_refused(struct client *c, const char *key, bool again, const struct err *why)
{
    if (again && why->code == ERR_UNAUTHENTICATED) {
        return;
    }
    if (!again && why->code != ERR_VERSION) {
        outbox_discard(c->outbox, key, OUTBOX_NEW, NULL);
        return;
    }
    json_t *answer = json_pack("{s:s, s:s, s:s, s:O?}", "kind", err_info(why->code)->kind,
        "message", why->message, "hint", why->hint, "data", why->data);
    outbox_move(c->outbox, key, OUTBOX_NEW, OUTBOX_CONFLICT, answer, NULL);
    json_decref(answer);
}

/* Sends the request kept under `key` and files it by the answer. */
static json_t *send_kept(struct client *c, const char *key, const json_t *request, bool again,
    bool *answered_out, struct err *err)
{
    const json_t *params = json_member(request, "params");
    json_t *whole =
        remote_request(key, json_text(request, "method"), params, NULL, remote_token(c));
    json_t *result = NULL;
    struct err why = {0};
    bool ok = remote_exchange(c, whole, &result, answered_out, &why);
    json_decref(whole);
    if (ok) {
        outbox_move(c->outbox, key, OUTBOX_NEW, OUTBOX_SENT, result, NULL);
        return result;
    }
    if (*answered_out && !err_info(why.code)->retryable) {
        remote_settle_refused(c, key, again, &why);
    }
    if (err != NULL) {
        err_clear(err);
        *err = why;
    } else {
        err_clear(&why);
    }
    return NULL;
}

static void say_sent(
    struct client *c, const json_t *request, const json_t *result, const struct err *why)
{
    const json_t *params = json_member(request, "params");
    const char *number = json_text(result != NULL ? result : params, "case");
    const char *action = json_text(params, "action");
    fprintf(c->talk, _("Sent again: %s %s — %s\n"),
        action != NULL ? action : json_text(request, "method"), number != NULL ? number : "",
        result != NULL ? _("done") : why->message);
}

/* One of those that wait; false when the line or the login is gone and the rest need not try. */
static bool send_one(
    struct client *c, const json_t *entry, struct outbox_order *order, struct outbox_counts *counts)
{
    const json_t *request = json_member(entry, "request");
    struct err why = {0};
    bool answered = false;
    json_t *result = send_kept(c, json_text(entry, "key"), request, true, &answered, &why);
    bool login = why.code == ERR_UNAUTHENTICATED;
    bool busy = result == NULL && answered && err_info(why.code)->retryable;
    say_sent(c, request, result, &why);
    if (busy) {
        outbox_order_stays(order, entry, json_number(why.data, "retry_after_ms", 0));
    } else if (result == NULL && answered && !login) {
        outbox_order_refused(order, entry);
    }
    bool stays = result == NULL && (!answered || busy || login);
    counts->left += stays;
    counts->sent += !stays;
    json_decref(result);
    err_clear(&why);
    return answered && !login;
}

bool remote_send_pending(
    struct client *c, bool by_hand, struct outbox_counts *counts_out, struct err *err)
{
    memset(counts_out, 0, sizeof *counts_out);
    if (!remote_outbox(c, err) || !remote_connect(c, err)) {
        return false;
    }
    c->pending_tried = true;
    char *sender = remote_sender(c);
    json_t *pending = outbox_list(c->outbox, OUTBOX_NEW);
    struct outbox_order *order =
        outbox_order_open(c->outbox, sender, wallclock_now_ms(&c->clock), by_hand);
    bool online = true;
    for (size_t i = 0; i < json_array_size(pending); i++) {
        const json_t *entry = json_array_get(pending, i);
        if (!outbox_is_of(entry, sender)) {
            continue;
        }
        enum outbox_turn turn = outbox_order_ask(order, entry);
        if (turn == TURN_CONFLICT) {
            counts_out->stuck++;
        } else if (turn != TURN_GO || !online) {
            counts_out->left++;
        } else {
            online = send_one(c, entry, order, counts_out);
        }
    }
    outbox_order_free(order);
    json_decref(pending);
    mem_free(sender);
    return true;
}

/* What the user saw when making the change, for the day it conflicts. */
static json_t *seen_of(struct client *c, const json_t *params)
{
    const char *number = json_text(params, "case");
    int64_t at_ms = 0;
    json_t *asked = number != NULL ? json_pack("{s:s}", "case", number) : NULL;
    json_t *page = asked != NULL ? remote_copy(c, "case.get", asked, &at_ms) : NULL;
    json_t *seen = NULL;
    if (page != NULL) {
        seen = json_object();
        json_put_text(seen, "state_title", json_text(page, "state_title"));
        json_put_number(seen, "version", json_number(page, "version", 0));
        json_put_number(seen, "at_ms", at_ms);
    }
    json_decref(page);
    json_decref(asked);
    return seen;
}

json_t *remote_change_request(struct client *c, const char *key, const char *method, json_t *params)
{
    json_t *body = params != NULL ? params : json_object();
    char *sender = remote_sender(c);
    json_t *meta = json_pack("{s:s}", "sender", sender);
    json_t *seen = seen_of(c, body);
    if (seen != NULL) {
        json_object_set_new(meta, "seen", seen);
    }
    json_object_set_new(body, "_meta", meta);
    mem_free(sender);
    json_t *request = remote_request(key, method, body, key, NULL);
    json_decref(body);
    return request;
}

static void say_kept(struct err *err)
{
    char why[sizeof err->message];
    memcpy(why, err->message, sizeof why);
    err_set(
        err, ERR_OFFLINE, _("No answer yet (%s). The change is kept and will not be lost."), why);
    err_hint(err, _("Send it again safely, it cannot happen twice: fengqiao outbox send"));
}

static void say_behind(enum outbox_turn turn, struct err *err)
{
    err_set(err, ERR_OFFLINE, "%s",
        _("An earlier change of this case still waits. This one is kept and goes behind it."));
    err_hint(err, "%s",
        turn == TURN_CONFLICT
            ? _("The earlier one was refused; decide about it first: fengqiao outbox list")
            : _("Send them in their order: fengqiao outbox send"));
}

/* Kept and connected: sent at once, a second time when the line broke. */
static json_t *send_new(struct client *c, const char *key, const json_t *request, struct err *err)
{
    json_t *result = NULL;
    bool answered = false;
    bool ready = true;
    for (int attempt = 0; ready && attempt < 2 && !answered; attempt++) {
        err_clear(err);
        ready = remote_connect(c, err);
        result = ready ? send_kept(c, key, request, false, &answered, err) : NULL;
    }
    if (result == NULL && (!answered || err_info(err->code)->retryable)) {
        say_kept(err);
    }
    return result;
}

json_t *remote_change(struct client *c, const char *method, json_t *params, struct err *err)
{
    char key[UUID_TEXT];
    random_uuid7(wallclock_now_ms(&c->clock), key);
    json_t *request = remote_change_request(c, key, method, params);
    char *line = json_compact(request);
    char *sender = remote_sender(c);
    json_t *result = NULL;
    if (remote_outbox(c, err)) {
        /* Earlier ones go first; this one is written after them and sorts behind them. */
        bool ready = remote_ready(c, err);
        enum outbox_turn turn = outbox_order_of_case(
            c->outbox, sender, json_text(json_member(request, "params"), "case"));
        struct err full = {0};
        bool kept = outbox_put(c->outbox, key, line, &full);
        if (!kept) {
            err_clear(err);
            *err = full;
            err_hint(err, "%s", _("Nothing was sent and nothing kept. Make room, then repeat it."));
        } else if (!ready) {
            say_kept(err);
        } else if (turn != TURN_GO) {
            say_behind(turn, err);
        } else {
            result = send_new(c, key, request, err);
        }
    }
    mem_free(sender);
    free(line);
    json_decref(request);
    return result;
}

bool remote_draft(struct client *c, const char *method, json_t *params, int64_t made_ms,
    char key_out[UUID_TEXT], struct err *err)
{
    random_uuid7(made_ms > 0 ? made_ms : wallclock_now_ms(&c->clock), key_out);
    json_t *request = remote_change_request(c, key_out, method, json_incref(params));
    char *line = json_compact(request);
    bool ok = remote_outbox(c, err) && outbox_keep(c->outbox, OUTBOX_DRAFT, key_out, line, err);
    free(line);
    json_decref(request);
    return ok;
}
