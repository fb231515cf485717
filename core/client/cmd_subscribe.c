/* client/cmd_subscribe.c — events as they happen. */
#include "client/cmd.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/cells.h"
#include "client/number.h"
#include "client/remote.h"
#include "client/view.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static json_t *subscription_params(const struct args *a, int64_t since)
{
    json_t *params = json_object();
    json_t *filter = json_object();
    if (args_option(a, "case") != NULL) {
        char *number = number_canonical(args_option(a, "case"));
        json_put_text(filter, "case", number);
        mem_free(number);
    }
    if (args_flag(a, "mine")) {
        json_object_set_new(filter, "mine", json_true());
    }
    if (json_object_size(filter) > 0) {
        json_object_set(params, "filter", filter);
    }
    json_decref(filter);
    if (since >= 0) {
        json_put_number(params, "since", since);
    }
    return params;
}

static void print_event(struct client *c, const json_t *event)
{
    if (c->output == OUTPUT_JSON) {
        char *line = json_compact(event);
        fprintf(c->out, "%s\n", line);
        free(line);
    } else {
        char *at = view_time(json_text(event, "at"));
        const char *summary = json_text(event, "summary");
        char *words = cells_clean(summary != NULL ? summary : json_text(event, "type"));
        const char *number = json_text(event, "number") != NULL ? json_text(event, "number")
                                                                : json_text(event, "case");
        fprintf(c->out, "%lld\t%s\t%s\t%s\n", (long long)json_number(event, "seq", 0), at,
            number != NULL ? number : "", words);
        mem_free(words);
        mem_free(at);
    }
    fflush(c->out);
}

/* One message of the server; false ends the subscription on this connection. */
static bool take_push(struct client *c, const json_t *message, int64_t *since, int64_t *left)
{
    const char *method = json_text(message, "method");
    const json_t *params = json_member(message, "params");
    if (text_equal(method, "events.event")) {
        print_event(c, params);
        *since = json_number(params, "seq", *since);
        --*left;
    } else if (text_equal(method, "events.gap")) {
        fprintf(c->talk, "%s",
            _("! Events are missing: the server's history does not reach back so far.\n"));
    } else if (text_equal(method, "events.closed")) {
        return false;
    }
    return true;
}

enum { QUIET_MS = 90000 }; /* the server ticks every 30 s: three missed ticks are a dead line */

/* Reads until the connection breaks or enough came. */
static bool read_events(struct client *c, int64_t *since, int64_t *left, struct err *err)
{
    while (*left != 0) {
        json_t *message = link_receive(c->link, QUIET_MS, err);
        if (message == NULL) {
            return false;
        }
        bool open = take_push(c, message, since, left);
        json_decref(message);
        if (!open) {
            return err_set(err, ERR_OFFLINE, _("The server ended the subscription."));
        }
    }
    return true;
}

bool cmd_subscribe(struct client *c, const struct args *a, struct err *err)
{
    int64_t since = -1;
    int64_t left = -1;
    if (!args_number(a, "since", 0, INT64_MAX, &since, err) ||
        !args_number(a, "count", 1, INT64_MAX, &left, err)) {
        return false;
    }
    for (int attempt = 1;; attempt++) {
        json_t *open = remote_call(c, "events.subscribe", subscription_params(a, since), err);
        bool ok = open != NULL;
        if (ok) {
            attempt = 1;
            since = since >= 0 ? since : json_number(open, "seq", -1);
            json_decref(open);
            ok = read_events(c, &since, &left, err);
        }
        if (ok) {
            return true;
        }
        remote_close(c);
        if (err->code != ERR_OFFLINE || since < 0 || link_interrupted()) {
            return false;
        }
        /* Resumes behind the last event seen; waits a little longer each time, at most 30 s. */
        int wait_s = attempt < 5 ? 1 << attempt : 30;
        fprintf(c->talk, _("The connection broke; again in %d seconds (Ctrl-C ends).\n"), wait_s);
        struct timespec pause = {.tv_sec = wait_s};
        if (nanosleep(&pause, NULL) != 0) {
            return false;
        }
    }
}
