/* client/remote_read.c — reading through the cache: the server's answer while there is a line, the
 * last one seen when there is none. */
#include "client/remote.h"

#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client/view.h"

#include <string.h>

/* The login's own name for its copies; without a key of its own (a token from outside, an old
 * login) nothing is kept. */
struct copies *remote_copies(struct client *c)
{
    struct seal_key key;
    if (c->copies != NULL) {
        return c->copies;
    }
    if (!seal_key_parse(json_text(c->login, "cache_key"), &key)) {
        return NULL;
    }
    char *folder = copies_folder(c->server, json_text(c->login, "user"));
    if (copies_allowed(c->config)) {
        c->copies = copies_open(folder, &key);
    } else {
        copies_remove(folder); /* from before it was forbidden */
    }
    mem_free(folder);
    return c->copies;
}

void remote_forget(struct client *c)
{
    copies_free(c->copies);
    c->copies = NULL;
    char *folder = copies_folder(c->server, json_text(c->login, "user"));
    copies_remove(folder);
    mem_free(folder);
}

static bool login_ended(const struct client *c)
{
    int64_t until_ms;
    const char *until = json_text(c->login, "expires_at");
    return until != NULL && instant_parse(until, &until_ms) &&
           until_ms < wallclock_now_ms(&c->clock);
}

json_t *remote_copy(struct client *c, const char *method, const json_t *params, int64_t *at_ms_out)
{
    struct copies *kept = login_ended(c) ? NULL : remote_copies(c);
    return kept == NULL ? NULL
                        : copies_get(kept, method, params, wallclock_now_ms(&c->clock), at_ms_out);
}

/* "09:12" of today, "11-20 09:12" of another day. Caller owns. */
static char *when_seen(const struct client *c, int64_t at_ms)
{
    char at[INSTANT_TEXT];
    char now[INSTANT_TEXT];
    instant_format(at_ms, at);
    instant_format(wallclock_now_ms(&c->clock), now);
    bool today = strncmp(at, now, strlen("2026-11-24")) == 0;
    return today ? mem_printf("%.5s", at + 11) : mem_printf("%.5s %.5s", at + 5, at + 11);
}

static void say_copy(struct client *c, int64_t at_ms)
{
    if (c->copy_at_ms != 0) {
        return;
    }
    c->copy_at_ms = at_ms;
    char *when = when_seen(c, at_ms);
    char *line = mem_printf(_("Offline: this is a copy of %s"), when);
    bool table = c->output == OUTPUT_TABLE;
    view_item(
        c, table ? c->out : c->talk, table ? "! " : "", line, table ? PAINT_YELLOW : PAINT_PLAIN);
    mem_free(line);
    mem_free(when);
}

/* Programs must not take a copy for the truth: the result says it, not only stderr. */
static json_t *marked(json_t *answer, int64_t at_ms)
{
    if (json_is_object(answer)) {
        char at[INSTANT_TEXT];
        json_t *meta = json_member(answer, "_meta");
        meta = meta != NULL ? json_incref(meta) : json_object();
        json_put_text(meta, "copy_at", instant_format(at_ms, at));
        json_object_set_new(answer, "_meta", meta);
    }
    return answer;
}

json_t *remote_read(struct client *c, const char *method, json_t *params, struct err *err)
{
    struct err why = {0};
    json_t *asked = json_incref(params);
    json_t *answer = remote_call(c, method, params, &why);
    int64_t at_ms = 0;
    if (answer != NULL) {
        if (remote_copies(c) != NULL) {
            copies_put(c->copies, method, asked, answer, wallclock_now_ms(&c->clock));
        }
    } else if (why.code == ERR_OFFLINE) {
        answer = remote_copy(c, method, asked, &at_ms);
        if (answer != NULL) {
            say_copy(c, at_ms);
            answer = marked(answer, at_ms);
            err_clear(&why);
        } else if (remote_copies(c) != NULL) {
            err_hint(&why, "%s",
                _("There is no copy of this here. Offline you can read what you saw before: "
                  "fengqiao inbox"));
        }
    } else if (why.code == ERR_UNAUTHENTICATED) {
        remote_forget(c); /* the server ended the login: what it could read goes with it */
    }
    json_decref(asked);
    if (answer == NULL && err != NULL) {
        err_clear(err);
        *err = why;
    } else {
        err_clear(&why);
    }
    return answer;
}
