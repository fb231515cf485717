/* io/greetings.c — TLS connections before they are anybody's (see stream_private.h).
 *
 * A greeting costs memory and a signature, and nobody is known yet. So each has GREETING_MS, there
 * are GREETINGS_MAX at a door, and one more ends the oldest: who is quick gets in also while
 * others only open connections and say nothing. */
#include "io/stream_private.h"

#include "base/log.h"
#include "base/memory.h"

struct greetings {
    struct tls_server *with; /* owned */
    accept_fn fn;
    void *ctx;
    struct stream *first, *last; /* the oldest first */
    size_t count;
    uint64_t greeted, failed, late, crowded;
};

struct greetings *greetings_open(struct tls_server *with, accept_fn fn, void *ctx)
{
    struct greetings *g = mem_alloc(sizeof *g);
    g->with = with;
    g->fn = fn;
    g->ctx = ctx;
    return g;
}

void greetings_free(struct greetings *g)
{
    if (g == NULL) {
        return;
    }
    while (g->first != NULL) {
        stream_close(g->first);
    }
    tls_server_free(g->with);
    mem_free(g);
}

void greetings_renew(struct greetings *g, struct tls_server *with)
{
    tls_server_free(g->with);
    g->with = with;
}

void greetings_count(const struct greetings *g, struct listener_tls *out)
{
    *out = (struct listener_tls){g->with, g->count, g->greeted, g->failed, g->late, g->crowded};
}

void greetings_left(struct stream *s)
{
    struct greetings *g = s->greetings;
    *(s->prev_greeting != NULL ? &s->prev_greeting->next_greeting : &g->first) = s->next_greeting;
    *(s->next_greeting != NULL ? &s->next_greeting->prev_greeting : &g->last) = s->prev_greeting;
    s->next_greeting = s->prev_greeting = NULL;
    s->greetings = NULL;
    g->count--;
}

static void late_cb(uv_timer_t *timer)
{
    struct stream *s = timer->data;
    s->greetings->late++;
    log_event(LOG_DEBUG, "io", "greeting_late", "address=%s", s->peer);
    stream_close(s);
}

void greetings_begin(struct greetings *g, struct stream *s)
{
    if (g->count == GREETINGS_MAX) {
        g->crowded++;
        stream_close(g->first);
    }
    s->tls = tls_accept(g->with);
    s->greetings = g;
    s->prev_greeting = g->last;
    *(g->last != NULL ? &g->last->next_greeting : &g->first) = s;
    g->last = s;
    g->count++;
    uv_timer_start(&s->linger, late_cb, GREETING_MS, 0);
    stream_read_on(s);
}

void greetings_done(struct stream *s)
{
    struct greetings *g = s->greetings;
    uv_timer_stop(&s->linger);
    greetings_left(s);
    g->greeted++;
    g->fn(s, g->ctx);
}

void greetings_failed(struct stream *s, const char *why, bool was_tls)
{
    s->greetings->failed++;
    log_event(LOG_DEBUG, "io", was_tls ? "greeting_failed" : "not_tls", "address=%s error=\"%s\"",
        s->peer, why);
}
