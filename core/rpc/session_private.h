/* rpc/session_private.h — the session as session.c, replies.c and sessions.c know it. */
#ifndef FQ_RPC_SESSION_PRIVATE_H
#define FQ_RPC_SESSION_PRIVATE_H

#include "base/buf.h"
#include "rpc/dispatch.h"
#include "rpc/session.h"
#include "rpc/sessions.h"
#include "wire/frame.h"

struct reply_line;

/* --- replies.c: lines that wait for their turn ------------------------------------------------ */

struct reply_queue {
    struct reply_line *first, *last;
    size_t unanswered; /* requests, batch members counted one by one */
    size_t bytes;      /* of answers that wait for their turn: they fill memory like unsent ones */
};

/* One answer that will stand in a line: of a request, or of one member of a batch. */
struct reply_entry {
    struct reply_line *line;
    json_t *id;      /* owned; NULL: null */
    bool silent;     /* a notification: nothing is said */
    struct buf text; /* owned */
};

struct reply_line {
    struct session *session;
    struct reply_line *next;
    bool batch;
    size_t waiting; /* entries without answer */
    size_t count;
    struct reply_entry entries[];
};

struct reply_line *replies_add(struct session *s, size_t count, bool batch);
/* Writes the answer into its entry. */
void reply_put(struct reply_entry *e, const struct answer *answer);
void reply_refuse(struct reply_entry *e, const struct err *err);
/* Moves what is complete, from the front, into out. */
void replies_collect(struct reply_queue *q, struct buf *out);
void replies_drop(struct reply_queue *q);

/* --- session --------------------------------------------------------------------------------- */

struct close_hook {
    session_close_fn fn;
    void *ctx;
    struct close_hook *next;
};

struct session {
    struct sessions *all; /* borrowed */
    struct stream *stream;
    struct session *prev, *next; /* of all sessions */
    struct session *next_dirty;
    bool dirty; /* has something to do at the end of the turn */
    uint64_t id;
    bool local_admin;
    bool ended;    /* the peer sends no more */
    bool draining; /* no more is read */
    bool finished; /* stream_finish was called: nothing is said any more */
    bool closed;   /* on its way out: only memory is left */
    bool has_lang;
    enum lang lang;
    struct frames frames;
    struct reply_queue replies;
    struct call_list calls;
    struct buf out;     /* lines for the end of the turn */
    char *user, *token; /* owned; the login */
    size_t holds;       /* subscriptions */
    struct close_hook *hooks;
    int64_t active_ms;  /* when something last moved */
    size_t unsent_seen; /* by the idle check */
};

struct sessions {
    struct sessions_options with;
    struct listener *tcp[8], *unix_door, *tls_door; /* owned */
    size_t tcp_count;
    struct session *first, *dirty;
    size_t count;
    uint64_t made, refused, idled, foreign, too_long, lines;
    struct timer *idle; /* owned */
    bool turning;       /* the end of the turn is at work */
    bool closing;       /* freed when the last session is */
};

void session_mark(struct session *s);     /* something to do at the end of the turn */
void session_turn_end(struct session *s); /* sends, goes on reading, finishes */
void session_freed(struct session *s);    /* sessions.c: takes it out of the list */

#endif
