/* store/store.h — durability. The interface is about ten coarse calls; SQLite stands behind it.
 *
 * Threads: one writer thread takes whole batches (one transaction each), reader threads answer
 * questions on their own read-only connections. Completions queue up and are delivered by
 * store_poll() on the caller's (loop) thread; `wake` is called from a store thread to say that
 * there is something to poll. Opened with STORE_INLINE there are no threads: calls run at once
 * and completions still arrive in store_poll(), which is what tests and simulations use. */
#ifndef FQ_STORE_STORE_H
#define FQ_STORE_STORE_H

#include "base/digest.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store; /* opaque */

enum { STORE_INLINE = 1 };

struct store_options {
    const char *path; /* ":memory:" with STORE_INLINE for tests */
    int flags;
    int readers;             /* threads; 0: default 2 */
    void (*wake)(void *ctx); /* called from store threads; NULL with STORE_INLINE */
    void *wake_ctx;
};

struct store *store_open(const struct store_options *options, struct err *err);
/* Finishes queued batches, delivers nothing more; accepts NULL. */
void store_close(struct store *s);
/* Delivers completions; returns how many. Never blocks. */
size_t store_poll(struct store *s);

/* --- writing ------------------------------------------------------------------------------ */

/* One event and the state it leaves; everything in it is written in one transaction with the
 * rest of its batch, or not at all. All pointers are owned by the unit (freed with it). */
struct store_case_unit {
    int64_t case_id;
    int64_t version; /* of this event; 1 opens the case */
    int64_t at_ms;
    char *type; /* "opened", "advanced", … */
    char *actor;
    char *data;         /* canonical JSON of the event */
    struct digest hash; /* sha256(previous hash || data) */
    struct digest prev; /* the previous hash; zeros: only the version is compared */
    char *snapshot;     /* casefile without fields */
    char *fields;       /* NULL when unchanged */
    char *search;       /* text to make findable under this event; NULL: none */
    /* columns for lists and the scheduler, copied from the casefile */
    char *number, *flow, *state, *host, *assignee, *supervisor, *origin, *place_path, *category,
        *title, *participants /* " a b c " */, *mark /* worst colour */,
        *parties /* names for a list */;
    bool listed;    /* under listed supervision */
    char *attached; /* hashes put into its files, " a b "; NULL: none */
    char *asked;    /* open tasks, JSON [{id, body, user?, due_ms?, …}]; NULL: unchanged */
    int64_t root;   /* lineage it belongs to; 0: unchanged */
    char *series;   /* counter this event raises besides the case number's own; NULL: none */
    int64_t serial; /* … to this; STORE_CONFLICT when another writer has been there */
    int level;
    int64_t opened_ms, received_ms, closed_ms, due_ms /* legal end of the pressing clock; 0 none */,
        wake_ms /* INT64_MAX: none */;
    json_t *effects;  /* array of {kind,data}; NULL: none */
    json_t *withdraw; /* ids of effects that must not be delivered any more; the unit is in conflict
                       * when one of them was. NULL: none */
};

/* Any other record: kind picks the table, args are its columns (see enum store_record). */
enum store_record {
    RECORD_USER,          /* {id, password?, disabled?} upsert */
    RECORD_TOKEN,         /* {hash, user, device, created_ms, expires_ms} insert */
    RECORD_TOKEN_USED,    /* {hash, used_ms} */
    RECORD_TOKEN_REVOKED, /* {hash} or {user} */
    RECORD_FLOW,          /* {id, version, source, file, deployed_ms} insert; becomes current */
    RECORD_CALENDAR,      /* {year, version, doc, loaded_ms} */
    RECORD_ORG,           /* {doc, loaded_ms, hash} replaces the current organisation document */
    RECORD_TERMS,         /* {doc, loaded_ms, hash} likewise */
    RECORD_EFFECT_DONE,   /* {id, at_ms} */
    RECORD_EFFECT_RETRY,  /* {id, next_ms, error} counts an attempt */
    RECORD_EFFECT_FAILED, /* {id, at_ms, error} no more attempts */
    RECORD_EFFECT_AGAIN,  /* {id, next_ms} a person asks to try again */
    RECORD_AUDIT,         /* {at_ms, actor, act, subject, data} things that belong to no case */
    RECORD_COUNT,
};

enum store_status {
    STORE_DURABLE,
    STORE_REPLAYED, /* the idempotency key was used before with the same content: see response */
    STORE_REUSED,   /* … with other content */
    STORE_CONFLICT, /* on disk the case does not end in version - 1 and prev: decide again */
    STORE_FAILED,   /* nothing of the batch was written: see err */
};

struct store_result {
    enum store_status status;
    int64_t seq;           /* of the event; 0 for records */
    const char *response;  /* STORE_REPLAYED: the stored answer, byte for byte; borrowed */
    const struct err *err; /* STORE_FAILED; borrowed */
};

typedef void (*store_unit_cb)(const struct store_result *result, void *ctx);

struct store_unit {
    struct store_case_unit *kase; /* owned; NULL for a record */
    enum store_record record;
    json_t *args; /* owned; of a record */
    /* idempotency; key NULL: none. The row is kept at least 90 days. */
    char *key, *user, *method; /* owned */
    struct digest params_hash;
    char *response; /* owned; what a repeat will be answered */
    int64_t key_at_ms;
    store_unit_cb done; /* exactly once, in store_poll; may be NULL */
    void *ctx;
};

struct store_unit *store_unit_new(void);
void store_unit_free(struct store_unit *u);

/* Takes the units (and the array's content); writes them in order in one transaction. A unit that
 * is replayed, reused or in conflict is left out, as is every later unit of the same case in the
 * batch (STORE_CONFLICT); the others are written. Any other failure fails all (STORE_FAILED). */
void store_append(struct store *s, struct store_unit *units[], size_t count);
size_t store_backlog(const struct store *s); /* batches queued or being written */
/* Tries a small write and a sync; for leaving read-only mode. done gets DURABLE or FAILED. */
void store_probe(struct store *s, store_unit_cb done, void *ctx);

/* --- asking ------------------------------------------------------------------------------- */

/* name, arguments -> answer. All answers are JSON; a missing row is JSON null, not an error, and a
 * member without a value is left out. Bad arguments (a foreign cursor) are ERR_PARAMS.
 * row: {id, number, flow, state, title, host, assignee, supervisor, origin, place_path, category,
 *   level, mark, parties, listed, version, opened_ms, received_ms, changed_ms, closed_ms, due_ms}.
 * `late` is an instant (open and due before it) or true (mark red); `category` and `place_path`
 * take in what is below them. `limit` is 100 unless told, 10000 at most.
 * `scope` in lists: {"all":bool,"bodies":[…],"paths":[…]} as access_filter gives it. */
#define STORE_QUESTIONS(X)                                                                         \
    X(ASK_META, "{} -> {schema, last_seq, last_case, counters:{sign/yy: n}}")                      \
    X(ASK_CASE, "{id} or {number} or {suffix} -> {id, snapshot, fields} | null | {several:[…]}")   \
    X(ASK_CASES, "{scope, state?, flow?, host?, assignee?, place_path?, category?, open?, late?,"  \
                 " since_ms?, sort:'due'|'opened'|'changed', limit, after?, total?}"               \
                 " -> {items:[row], next}")                                                        \
    X(ASK_INBOX, "{bodies:[…], user, limit, after?} -> {items:[row], next}; open, by due")         \
    X(ASK_SEARCH, "{scope, text, limit, after?} -> {items:[row + {found}], next}; by date")        \
    X(ASK_HISTORY, "{case, after?, limit} -> [{seq,version,at_ms,type,actor,data,hash}]")          \
    X(ASK_EVENTS, "{since, limit} -> [{seq,case,number,flow,version,at_ms,type,actor,data,"        \
                  "host,origin,supervisor,place_path}]")                                           \
    X(ASK_DUE, "{until_ms, limit} -> [{case, wake_ms}] earliest first")                            \
    X(ASK_OPEN_CLOCKS, "{after_case, limit} -> [case id]: cases with an open clock")               \
    X(ASK_EFFECTS,                                                                                 \
        "{status?, kind?, due_ms?, limit, after?} -> [{id,case,number,kind,data,status,"           \
        "attempts,next_ms,error,at_ms}]")                                                          \
    X(ASK_LETTERS,                                                                                 \
        "{after?, limit} -> [{id, case, data}] effects of kind letter that are pending")           \
    X(ASK_LINEAGE,                                                                                 \
        "{scope, roots:[…], ids?:[…], limit} -> [row + {root, readable}]: these lineages,"     \
        " these cases")                                                                            \
    X(ASK_MATCHES,                                                                                 \
        "{scope, case, names:[…], place, since_ms, limit} -> [row + {readable, names}]:"         \
        " cases where one of the names is said, or of that place path")                            \
    X(ASK_KEY, "{key} -> {user, method, params_hash, response} | null")                            \
    X(ASK_USER, "{id} -> {id, password, disabled} | null")                                         \
    X(ASK_USERS, "{} -> [{id, disabled, has_password}]")                                           \
    X(ASK_TOKEN, "{hash} -> {user, device, created_ms, expires_ms, revoked} | null")               \
    X(ASK_TOKENS, "{user} -> [{device, created_ms, expires_ms, used_ms, revoked}]")                \
    X(ASK_FLOWS, "{} -> [{id, version, file, deployed_ms, current, source}]")                      \
    X(ASK_CALENDARS, "{} -> [{year, version, doc}] newest version of each year")                   \
    X(ASK_ORG, "{} -> {doc, hash} | null")                                                         \
    X(ASK_TERMS, "{} -> {doc, hash} | null")                                                       \
    X(ASK_ATTACHED, "{hashes:[…]} -> [{hash}] those ever attached to a case")                      \
    X(ASK_HOLDERS, "{hash} -> [{case}] cases that ever had the content attached, newest first")    \
    X(ASK_REPLAY,                                                                                  \
        "{case} -> {events:[as ASK_HISTORY, all], effects:[{id,kind,data,status}] of the"          \
        " last one}; status withdrawn: an undo took it back before it was delivered")              \
    X(ASK_VERIFY, "{case} -> {events, ok, first_bad?: {version, seq, problem}}")                   \
    X(ASK_REPORT, "{from_ms?, to_ms?, now_ms?, scope} -> see store/README.md, report rows")        \
    X(ASK_STAT, "{} -> {bytes, wal_bytes, cases, open_cases, events, effects_pending, commits,"    \
                " commit_units, …}")

enum store_question {
#define X(name, doc) name,
    STORE_QUESTIONS(X)
#undef X
        ASK_COUNT
};

/* answer is borrowed by the callback (json_incref to keep); NULL with err on failure. */
typedef void (*store_answer_cb)(json_t *answer, const struct err *err, void *ctx);
/* Takes the reference of args. Answered once, in store_poll. */
void store_ask(
    struct store *s, enum store_question q, json_t *args, store_answer_cb done, void *ctx);
/* The same on the calling thread, for start-up and inline use. New reference. */
json_t *store_ask_now(struct store *s, enum store_question q, json_t *args, struct err *err);

/* Bigram words of a text, as the index holds them (store/bigram.c); caller owns. */
char *bigram_index_text(const char *text);
/* What people type as an FTS5 expression, every word needed; NULL: nothing to find. Caller owns. */
char *bigram_query(const char *words);

#endif
