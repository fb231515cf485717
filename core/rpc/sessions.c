/* rpc/sessions.c — see sessions.h. */
#include "rpc/session_private.h"

#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"
#include "io/loop.h"
#include "io/stream.h"
#include "io/timer.h"
#include "io/tls.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

enum {
    SESSIONS_MAX = 10000, /* far above the desks of a city; each costs a descriptor and 1 KiB */
    IDLE_CHECKS = 10,     /* in one idle time: an idle session lives at most a tenth longer */
    SILENT_MS = 5000,     /* long enough for the first line of a slow one */
};

/* --- the end of a turn ----------------------------------------------------------------------- */

static void send_all(void *ctx)
{
    struct sessions *all = ctx;
    struct session *s = all->dirty;
    all->dirty = NULL; /* who is marked from here on has its turn in the next one */
    all->turning = true;
    while (s != NULL) {
        struct session *next = s->next_dirty;
        s->dirty = false;
        s->next_dirty = NULL;
        if (!s->closed) {
            session_turn_end(s);
        }
        s = next;
    }
    all->turning = false;
}

/* --- idle sessions --------------------------------------------------------------------------- */

static void check_idle(void *ctx)
{
    struct sessions *all = ctx;
    int64_t now = loop_now_ms(all->with.loop);
    for (struct session *s = all->first, *next; s != NULL; s = next) {
        next = s->next;
        size_t unsent = stream_unsent(s->stream);
        if (unsent != s->unsent_seen) { /* a slow reader is not an idle one */
            s->unsent_seen = unsent;
            s->active_ms = now;
        }
        bool waits_for_us = s->replies.unanswered > 0;
        if (s->holds == 0 && !waits_for_us && now - s->active_ms >= all->with.idle_ms) {
            all->idled++;
            log_event(LOG_INFO, "rpc", "session_idle", "session=%llu", (unsigned long long)s->id);
            session_close(s);
        }
    }
}

/* --- life ------------------------------------------------------------------------------------ */

struct sessions *sessions_open(const struct sessions_options *options)
{
    struct sessions *all = mem_alloc(sizeof *all);
    all->with = *options;
    all->with.sessions_max = options->sessions_max != 0 ? options->sessions_max : SESSIONS_MAX;
    all->with.idle_ms = options->idle_ms != 0 ? options->idle_ms : SESSION_IDLE_MS;
    all->idle = timer_open(options->loop, check_idle, all);
    timer_every(all->idle, all->with.idle_ms / IDLE_CHECKS);
    loop_on_turn(options->loop, TURN_SEND, send_all, all);
    return all;
}

static void free_when_empty(struct sessions *all)
{
    if (all->closing && all->count == 0) {
        mem_free(all);
    }
}

void session_freed(struct session *s)
{
    struct sessions *all = s->all;
    for (struct session **p = &all->dirty; s->dirty && *p != NULL; p = &(*p)->next_dirty) {
        if (*p == s) {
            *p = s->next_dirty;
            break;
        }
    }
    if (s->prev != NULL) {
        s->prev->next = s->next;
    } else {
        all->first = s->next;
    }
    if (s->next != NULL) {
        s->next->prev = s->prev;
    }
    all->count--;
    mem_free(s);
    free_when_empty(all);
}

void sessions_close(struct sessions *all)
{
    if (all == NULL) {
        return;
    }
    sessions_stop_listening(all);
    loop_off_turn(all->with.loop, TURN_SEND, send_all, all);
    timer_free(all->idle);
    for (struct session *s = all->first; s != NULL; s = s->next) {
        session_close(s);
    }
    all->closing = true;
    free_when_empty(all);
}

/* --- doors ----------------------------------------------------------------------------------- */

/* Root, or the user the daemon runs as, at the other end of the UNIX socket. */
static bool is_local_admin(const struct stream *stream)
{
    uint32_t uid;
    return stream_peer_uid(stream, &uid) && (uid == 0 || uid == geteuid());
}

/* Nobody logged in here, nothing is asked or listened for, and it has been silent for a while. */
static bool is_spare(const struct session *s, int64_t now)
{
    return !s->closed && s->user == NULL && !s->local_admin && s->holds == 0 &&
           s->replies.unanswered == 0 && now - s->active_ms >= SILENT_MS;
}

/* Full: the longest silent stranger goes, so that connections nobody uses cannot shut the door. */
static bool make_room(struct sessions *all)
{
    int64_t now = loop_now_ms(all->with.loop);
    struct session *oldest = NULL;
    for (struct session *s = all->first; s != NULL; s = s->next) {
        if (is_spare(s, now) && (oldest == NULL || s->active_ms < oldest->active_ms)) {
            oldest = s;
        }
    }
    if (oldest == NULL) {
        return false;
    }
    all->idled++;
    session_close(oldest);
    return true;
}

static void on_accept(struct stream *stream, void *ctx)
{
    struct sessions *all = ctx;
    if (all->count >= all->with.sessions_max && !make_room(all)) {
        all->refused++;
        log_event(LOG_WARNING, "rpc", "session_refused", "open=%zu", all->count);
        stream_close(stream);
        return;
    }
    session_open(all, stream, is_local_admin(stream));
}

/* Plain text does not leave the machine (PROTOCOL 1.4). */
bool sessions_is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 ||
           strcmp(address, "localhost") == 0;
}

bool sessions_listen_tcp(struct sessions *all, const char *address, int port, struct err *err)
{
    enum { DOORS_MAX = sizeof all->tcp / sizeof all->tcp[0] };
    if (!sessions_is_loopback(address) && !all->with.allow_plaintext) {
        err_set(err, ERR_CONFIG, _("%s: plain text is served on loopback addresses only"), address);
        return err_hint(err, "%s",
            _("listen.tls serves others, encrypted; allow_plaintext = true if you must"));
    }
    if (all->tcp_count == DOORS_MAX) {
        return err_set(err, ERR_CONFIG, _("more than %d addresses to listen on"), DOORS_MAX);
    }
    struct listener *n = listener_open_tcp(all->with.loop, address, port, on_accept, all, err);
    if (n == NULL) {
        return false;
    }
    all->tcp[all->tcp_count++] = n;
    return true;
}

int sessions_port(const struct sessions *all)
{
    return all->tcp_count == 0 ? 0 : listener_port(all->tcp[all->tcp_count - 1]);
}

bool sessions_listen_tls(
    struct sessions *all, const char *address, int port, struct tls_server *with, struct err *err)
{
    assert(all->tls_door == NULL);
    all->tls_door = listener_open_tls(all->with.loop, address, port, with, on_accept, all, err);
    return all->tls_door != NULL;
}

int sessions_tls_port(const struct sessions *all)
{
    return all->tls_door == NULL ? 0 : listener_port(all->tls_door);
}

void sessions_renew_tls(struct sessions *all, struct tls_server *with)
{
    if (all->tls_door != NULL) {
        listener_renew(all->tls_door, with);
    } else {
        tls_server_free(with); /* a stop is under way */
    }
}

void sessions_tls_read(const struct sessions *all, struct listener_tls *out)
{
    memset(out, 0, sizeof *out);
    if (all->tls_door != NULL) {
        listener_tls_read(all->tls_door, out);
    }
}

bool sessions_listen_unix(struct sessions *all, const char *path, struct err *err)
{
    if (all->unix_door != NULL) {
        return err_set(err, ERR_CONFIG, _("%s: one UNIX socket is open already"), path);
    }
    all->unix_door = listener_open_unix(all->with.loop, path, on_accept, all, err);
    return all->unix_door != NULL;
}

void sessions_stop_listening(struct sessions *all)
{
    for (size_t i = 0; i < all->tcp_count; i++) {
        listener_free(all->tcp[i]);
    }
    all->tcp_count = 0;
    listener_free(all->unix_door);
    listener_free(all->tls_door);
    all->unix_door = all->tls_door = NULL;
}

void sessions_drain(struct sessions *all)
{
    sessions_stop_listening(all);
    for (struct session *s = all->first; s != NULL; s = s->next) {
        session_drain(s);
    }
}

size_t sessions_count(const struct sessions *all)
{
    return all->count;
}

json_t *sessions_stat(const struct sessions *all)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "open", (json_int_t)all->count,
        "max", (json_int_t)all->with.sessions_max, "accepted", (json_int_t)all->made, "refused",
        (json_int_t)all->refused, "idled", (json_int_t)all->idled, "foreign",
        (json_int_t)all->foreign, "too_long", (json_int_t)all->too_long, "lines",
        (json_int_t)all->lines);
}
