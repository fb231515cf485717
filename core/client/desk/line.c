/* client/desk/line.c — see line.h. */
#include "client/desk/line.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/wallclock.h"
#include "client/desk/dial.h"
#include "client/link.h"
#include "client/remote.h"
#include "io/tls.h"
#include "wire/frame.h"

#include <string.h>

#define US_PER_SECOND INT64_C(1000000)

enum {
    ANSWER_S = 30, /* no answer for so long: the line is dead, whatever the system says */
    QUIET_S = 75,  /* the server ticks every 30 s; two missed ticks are a dead line */
};

struct question {
    char *id; /* owned */
    line_answer_cb cb;
    void *ctx;
    int64_t since_us;
    struct question *next;
};

struct line {
    char *server;            /* owned */
    struct tls_trust *trust; /* shared; may be NULL */
    struct err trouble;      /* of the last try, when the line alone is not to blame */
    struct line_hooks hooks;
    enum line_state state;
    struct dial *dial; /* while connecting */
    struct link *link; /* while up */
    struct frames in;
    struct buf out;
    struct question *asked; /* in the order of sending */
    int attempt;
    int64_t retry_us, heard_us;
};

struct line *line_open(const char *server, struct tls_trust *trust, struct line_hooks hooks)
{
    struct line *l = mem_alloc(sizeof *l);
    l->server = mem_strdup(server);
    l->trust = tls_trust_share(trust);
    l->hooks = hooks;
    l->attempt = 1;
    frames_init(&l->in, LINK_BYTES_MAX, false);
    return l;
}

static void answer(struct question *q, const json_t *result, const struct err *why)
{
    q->cb(q->ctx, result, why);
    mem_free(q->id);
    mem_free(q);
}

void line_close(struct line *l)
{
    if (l == NULL) {
        return;
    }
    while (l->asked != NULL) {
        struct question *q = l->asked;
        l->asked = q->next;
        mem_free(q->id);
        mem_free(q);
    }
    dial_abandon(l->dial);
    link_close(l->link);
    frames_close(&l->in);
    buf_close(&l->out);
    err_clear(&l->trouble);
    tls_trust_free(l->trust);
    mem_free(l->server);
    mem_free(l);
}

enum line_state line_state(const struct line *l)
{
    return l != NULL ? l->state : LINE_DOWN;
}

int line_attempt(const struct line *l)
{
    return l->attempt;
}

int line_wait_seconds(const struct line *l, int64_t now_us)
{
    int64_t left = l->retry_us - now_us;
    return left > 0 ? (int)((left + US_PER_SECOND - 1) / US_PER_SECOND) : 0;
}

const char *line_trouble(const struct line *l)
{
    return l->trouble.message;
}

/* Takes why: kept when trying again will not help by itself. */
static void remember(struct line *l, struct err *why)
{
    err_clear(&l->trouble);
    if (why->code == ERR_CONFIG || why->code == ERR_PARAMS) {
        l->trouble = *why;
        memset(why, 0, sizeof *why);
    }
    err_clear(why);
}

void line_try_now(struct line *l)
{
    l->retry_us = 0;
}

static void retry_later(struct line *l, int64_t now_us)
{
    static const int waits[] = {1, 2, 5, 10, 30};
    size_t last = sizeof waits / sizeof waits[0] - 1;
    size_t i = (size_t)l->attempt - 1 < last ? (size_t)l->attempt - 1 : last;
    l->retry_us = now_us + waits[i] * US_PER_SECOND;
    l->attempt++;
    l->state = LINE_DOWN;
}

static void drop(struct line *l, int64_t now_us)
{
    struct err why = {0};
    link_close(l->link);
    l->link = NULL;
    frames_close(&l->in);
    frames_init(&l->in, LINK_BYTES_MAX, false);
    buf_clear(&l->out);
    l->attempt = 1;
    retry_later(l, now_us);
    err_set(&why, ERR_OFFLINE, "%s", _("The connection broke before the answer came."));
    struct question *all = l->asked;
    l->asked = NULL;
    while (all != NULL) {
        struct question *q = all;
        all = q->next;
        answer(q, NULL, &why);
    }
    l->hooks.down(l->hooks.ctx);
}

static bool flush(struct line *l)
{
    return link_push(l->link, &l->out);
}

bool line_send(struct line *l, const json_t *request, line_answer_cb cb, void *ctx)
{
    if (l == NULL || l->state != LINE_UP) {
        return false;
    }
    char *text = json_compact(request);
    buf_addf(&l->out, "%s\n", text);
    free(text);
    struct question *q = mem_alloc(sizeof *q);
    q->id = mem_strdup(json_text(request, "id"));
    q->cb = cb;
    q->ctx = ctx;
    q->since_us = monotonic_us();
    struct question **end = &l->asked;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = q;
    flush(l); /* a broken pipe shows at the next poll */
    return true;
}

static struct question *take_question(struct line *l, const char *id)
{
    for (struct question **at = &l->asked; *at != NULL; at = &(*at)->next) {
        if (text_equal((*at)->id, id)) {
            struct question *q = *at;
            *at = q->next;
            return q;
        }
    }
    return NULL;
}

static void take_message(struct line *l, const json_t *message)
{
    if (json_text(message, "method") != NULL) {
        l->hooks.push(l->hooks.ctx, message);
        return;
    }
    struct question *q = take_question(l, json_text(message, "id"));
    const json_t *error = json_member(message, "error");
    struct err why = {0};
    if (q != NULL && error != NULL) {
        remote_error(error, &why);
        answer(q, NULL, &why);
    } else if (q != NULL) {
        answer(q, json_object_get(message, "result"), NULL);
    }
    err_clear(&why);
}

/* What has come by now; false when the line is at its end. */
static bool read_all(struct line *l)
{
    struct err why = {0};
    enum link_pull came;
    while ((came = link_pull(l->link, &l->in, &why)) == LINK_CAME) {
    }
    if (came == LINK_GONE) {
        remember(l, &why);
        return false;
    }
    char *text;
    size_t len;
    enum frame_kind kind;
    while (l->link != NULL && (kind = frames_next(&l->in, &text, &len)) == FRAME_LINE) {
        json_t *message = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
        if (json_is_object(message)) {
            take_message(l, message);
        }
        json_decref(message);
    }
    return true;
}

static void connected(struct line *l, int64_t now_us)
{
    struct err why = {0};
    struct link *link = dial_take(l->dial, &why);
    remember(l, &why);
    l->dial = NULL;
    if (link == NULL) {
        retry_later(l, now_us);
        l->hooks.down(l->hooks.ctx);
        return;
    }
    l->link = link;
    l->state = LINE_UP;
    l->attempt = 1;
    l->heard_us = now_us;
    l->hooks.up(l->hooks.ctx);
}

struct pollfd line_pollfd(const struct line *l, int64_t now_us, int *timeout_ms)
{
    struct pollfd p = {.fd = -1};
    int most = 1000; /* seconds of waiting are shown; silence is looked for */
    if (l->state == LINE_CONNECTING) {
        p = (struct pollfd){.fd = dial_fd(l->dial), .events = POLLIN};
    } else if (l->state == LINE_UP) {
        p = (struct pollfd){.fd = link_fd(l->link), .events = POLLIN};
        p.events = (short)(p.events | (l->out.len > 0 || link_pushing(l->link) ? POLLOUT : 0));
    } else {
        int64_t left_ms = (l->retry_us - now_us) / 1000 + 1;
        most = left_ms < 0 ? 0 : left_ms < most ? (int)left_ms : most;
    }
    *timeout_ms = *timeout_ms < most ? *timeout_ms : most;
    return p;
}

static bool silent(const struct line *l, int64_t now_us)
{
    bool unanswered = l->asked != NULL && now_us - l->asked->since_us > ANSWER_S * US_PER_SECOND;
    return unanswered || now_us - l->heard_us > QUIET_S * US_PER_SECOND;
}

void line_work(struct line *l, short revents, int64_t now_us)
{
    if (l->state == LINE_DOWN && now_us >= l->retry_us) {
        l->dial = dial_start(l->server, l->trust);
        l->state = LINE_CONNECTING;
    } else if (l->state == LINE_CONNECTING && revents != 0) {
        connected(l, now_us);
    } else if (l->state == LINE_UP) {
        l->heard_us = revents & POLLIN ? now_us : l->heard_us;
        bool ok = flush(l) && (revents == 0 || read_all(l));
        if (!ok || silent(l, now_us)) {
            drop(l, now_us);
        }
    }
}
