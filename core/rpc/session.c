/* rpc/session.c — see session.h.
 *
 * Reading and answering meet in session_turn_end(): what was answered in this turn is sent in one
 * write, then reading goes on if there is room, then a session that has nothing left to do ends.
 * While a request runs, the session may be closed by it: every loop looks at `closed` again. */
#include "rpc/session_private.h"

#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "io/loop.h"
#include "io/stream.h"
#include "wire/envelope.h"

#include <assert.h>

enum { OUT_KEEP = 16 * 1024 }; /* of an idle connection's buffer */

/* --- reading: lines into calls --------------------------------------------------------------- */

static void on_answer(const struct answer *answer, void *ctx)
{
    struct reply_entry *e = ctx;
    struct session *s = e->line->session;
    reply_put(e, answer);
    session_mark(s);
}

/* One message: a request, or a member of a batch. */
static void take_message(struct session *s, json_t *doc, struct reply_entry *e)
{
    struct request r;
    struct err err = {0};
    bool ok = request_read(&r, doc, &err);
    e->id = r.id != NULL ? json_deep_copy(r.id) : NULL;
    if (ok) {
        e->silent = r.notification;
        dispatch_request(s->all->with.dispatch, s, &s->calls, &r, on_answer, e);
    } else {
        reply_refuse(e, &err);
    }
    request_close(&r);
    err_clear(&err);
}

static void refuse_line(struct session *s, struct err *err)
{
    reply_refuse(&replies_add(s, 1, false)->entries[0], err);
    err_clear(err);
}

static void take_batch(struct session *s, json_t *doc)
{
    struct err err = {0};
    size_t count = json_array_size(doc);
    if (count == 0 || count > SESSION_BATCH_MAX) {
        err_set(&err, ERR_REQUEST, _("a batch holds 1 to %d requests, not %zu"), SESSION_BATCH_MAX,
            count);
        err_data(&err, "reason", json_string(count == 0 ? "batch_empty" : "batch_too_large"));
        refuse_line(s, &err);
        return;
    }
    struct reply_line *line = replies_add(s, count, true);
    for (size_t i = 0; i < count && !s->closed; i++) {
        take_message(s, json_array_get(doc, i), &line->entries[i]);
    }
}

static void take_line(struct session *s, const char *text, size_t len)
{
    struct err err = {0};
    lang_use(session_lang(s, dispatch_lang(s->all->with.dispatch)));
    s->all->lines++;
    json_t *doc = json_parse(text, len, &err);
    if (doc == NULL) {
        refuse_line(s, &err);
    } else if (json_is_array(doc)) {
        take_batch(s, doc);
    } else {
        take_message(s, doc, &replies_add(s, 1, false)->entries[0]);
    }
    json_decref(doc);
}

/* The stream cannot go on: say why, answer what was asked before, and end. */
static void broken(struct session *s, enum frame_kind kind)
{
    struct err err = {0};
    bool tls = s->frames.foreign == FOREIGN_TLS;
    lang_use(session_lang(s, dispatch_lang(s->all->with.dispatch)));
    frames_explain(&s->frames, &err);
    log_event(LOG_WARNING, "rpc", kind == FRAME_TOO_LONG ? "line_too_long" : "foreign_protocol",
        "session=%llu address=%s tls=%d", (unsigned long long)s->id, stream_peer(s->stream), tls);
    s->all->foreign += kind == FRAME_FOREIGN;
    s->all->too_long += kind == FRAME_TOO_LONG;
    if (tls) { /* an answer in plain text would be noise to it */
        err_clear(&err);
    } else {
        refuse_line(s, &err);
    }
    s->draining = true;
    session_mark(s);
}

/* What is held for the peer, sent or not yet in turn: an answer may wait behind a slow one. */
static size_t waiting_out(const struct session *s)
{
    return s->replies.bytes + s->out.len + stream_unsent(s->stream);
}

static bool may_take(const struct session *s)
{
    return !s->closed && !s->draining && s->replies.unanswered < SESSION_UNANSWERED_MAX &&
           waiting_out(s) < STREAM_HIGH;
}

/* Takes lines while there is room. True when no whole line is left. */
static bool take_lines(struct session *s)
{
    while (may_take(s)) {
        char *text;
        size_t len;
        enum frame_kind kind = frames_next(&s->frames, &text, &len);
        if (kind == FRAME_MORE) {
            return true;
        }
        if (kind != FRAME_LINE) {
            broken(s, kind);
            return true;
        }
        take_line(s, text, len);
        replies_collect(&s->replies, &s->out);
        session_mark(s);
    }
    return s->draining;
}

static void read_on(struct session *s)
{
    bool all_taken = take_lines(s);
    if (s->closed) {
        return;
    }
    if (all_taken && may_take(s)) {
        stream_resume(s->stream);
    } else {
        stream_pause(s->stream);
    }
}

/* --- the end of a turn: sending -------------------------------------------------------------- */

/* Has a session, that the peer or we are ending, nothing to do any more? */
static bool is_over(const struct session *s)
{
    bool nothing_waits = s->replies.first == NULL && s->out.len == 0;
    bool peer_is_done = s->ended && s->holds == 0 && !stream_paused(s->stream);
    return nothing_waits && (s->draining || peer_is_done);
}

void session_turn_end(struct session *s)
{
    replies_collect(&s->replies, &s->out);
    if (s->out.len > 0) {
        s->active_ms = loop_now_ms(s->all->with.loop);
        stream_write(s->stream, &s->out);
        if (s->out.cap > OUT_KEEP) {
            buf_close(&s->out);
        }
    }
    read_on(s);
    if (!s->closed && !s->finished && is_over(s)) {
        s->finished = true;
        stream_finish(s->stream);
    }
}

void session_mark(struct session *s)
{
    if (s->dirty || s->closed) {
        return;
    }
    s->dirty = true;
    s->next_dirty = s->all->dirty;
    s->all->dirty = s;
    if (s->all->turning) { /* this turn's batch is handed over already */
        loop_again(s->all->with.loop);
    }
}

/* --- the stream's events --------------------------------------------------------------------- */

static void on_data(void *ctx, const char *data, size_t len)
{
    struct session *s = ctx;
    s->active_ms = loop_now_ms(s->all->with.loop);
    if (!s->draining) {
        frames_feed(&s->frames, data, len);
        read_on(s);
    }
}

static void on_end(void *ctx)
{
    struct session *s = ctx;
    s->ended = true;
    frames_end(&s->frames);
    read_on(s);
    session_mark(s);
}

static void on_drain(void *ctx)
{
    struct session *s = ctx;
    s->active_ms = loop_now_ms(s->all->with.loop);
    session_mark(s);
}

/* Everything that others hold of the session ends here; its memory may stay a little longer. */
static void let_go(struct session *s)
{
    if (s->closed) {
        return;
    }
    s->closed = true;
    call_list_detach(&s->calls);
    while (s->hooks != NULL) {
        struct close_hook *hook = s->hooks;
        s->hooks = hook->next;
        hook->fn(s, hook->ctx);
        mem_free(hook);
    }
}

static void on_close(void *ctx, const struct err *why)
{
    struct session *s = ctx;
    let_go(s);
    log_event(LOG_DEBUG, "rpc", "session_closed", "session=%llu broke=%d",
        (unsigned long long)s->id, why != NULL);
    replies_drop(&s->replies);
    frames_close(&s->frames);
    buf_close(&s->out);
    mem_free(s->user);
    mem_free(s->token);
    session_freed(s); /* and the memory */
}

static const struct stream_events events = {on_data, on_end, on_drain, on_close};

/* --- life ------------------------------------------------------------------------------------ */

struct session *session_open(struct sessions *all, struct stream *stream, bool local_admin)
{
    struct session *s = mem_alloc(sizeof *s);
    s->all = all;
    s->stream = stream;
    s->id = ++all->made;
    s->local_admin = local_admin;
    s->active_ms = loop_now_ms(all->with.loop);
    frames_init(&s->frames, all->with.line_max, true);
    s->next = all->first;
    if (s->next != NULL) {
        s->next->prev = s;
    }
    all->first = s;
    all->count++;
    stream_start(stream, &events, s);
    return s;
}

void session_close(struct session *s)
{
    if (!s->closed) {
        let_go(s);
        stream_close(s->stream);
    }
}

void session_drain(struct session *s)
{
    s->draining = true;
    session_mark(s);
}

/* --- who, which language --------------------------------------------------------------------- */

uint64_t session_id(const struct session *s)
{
    return s->id;
}

bool session_local_admin(const struct session *s)
{
    return s->local_admin;
}

const char *session_address(const struct session *s)
{
    return stream_peer(s->stream);
}

void session_bind(struct session *s, const char *user, const char *token)
{
    char *new_user = mem_strdup(user), *new_token = user != NULL ? mem_strdup(token) : NULL;
    mem_free(s->user);
    mem_free(s->token);
    s->user = new_user;
    s->token = new_token;
}

const char *session_user(const struct session *s)
{
    return s->user;
}

const char *session_token(const struct session *s)
{
    return s->token;
}

void session_set_lang(struct session *s, enum lang lang)
{
    s->has_lang = true;
    s->lang = lang;
}

enum lang session_lang(const struct session *s, enum lang otherwise)
{
    return s->has_lang ? s->lang : otherwise;
}

/* --- subscriptions --------------------------------------------------------------------------- */

void session_hold(struct session *s)
{
    s->holds++;
}

void session_release(struct session *s)
{
    assert(s->holds > 0);
    s->holds--;
    session_mark(s); /* a peer that ended may be let go now */
}

static void notify(struct session *s, const char *method, json_t *params)
{
    replies_collect(&s->replies, &s->out);
    envelope_notification(&s->out, method, params);
    buf_addc(&s->out, '\n');
    session_mark(s);
}

bool session_notify(struct session *s, const char *method, json_t *params)
{
    bool good = s->holds > 0 && !s->closed && !s->finished && waiting_out(s) < SESSION_SLOW_BYTES;
    if (good) {
        notify(s, method, params);
    }
    json_decref(params);
    return good;
}

void session_notify_last(struct session *s, const char *method, json_t *params)
{
    if (s->holds > 0 && !s->closed && !s->finished) {
        notify(s, method, params);
    }
    json_decref(params);
}

size_t session_unsent(const struct session *s)
{
    return waiting_out(s);
}

void session_on_close(struct session *s, session_close_fn fn, void *ctx)
{
    struct close_hook *hook = mem_alloc(sizeof *hook);
    *hook = (struct close_hook){fn, ctx, s->hooks};
    s->hooks = hook;
}

void session_forget(struct session *s, session_close_fn fn, void *ctx)
{
    for (struct close_hook **p = &s->hooks; *p != NULL; p = &(*p)->next) {
        struct close_hook *hook = *p;
        if (hook->fn == fn && hook->ctx == ctx) {
            *p = hook->next;
            mem_free(hook);
            return;
        }
    }
}
