/* rpc/service.h — what the method functions work with: the rooms below, put together once at start.
 *
 * call_ctx() of every method in methods_*.c is the service. The struct is visible because each
 * file of this room needs a few of its parts; only service.c and core/server write to it. */
#ifndef FQ_RPC_SERVICE_H
#define FQ_RPC_SERVICE_H

#include "base/wallclock.h"
#include "engine/engine.h"
#include "rpc/call.h"
#include "store/store.h"

struct loop;
struct sessions;
struct auth;
struct subscriptions;
struct clock_move;
struct proposals;
struct upkeep;

struct service_options {
    struct loop *loop; /* borrowed, as all of these */
    struct store *store;
    struct engine *engine;
    struct wallclock *clock; /* the clock of the law: real or virtual */
    struct methods *methods;
    const char *workflows, *org;          /* folders whose data scenarios play with */
    int64_t token_idle_ms, token_life_ms; /* 0: 12 h, 30 d */
    size_t password_checks;               /* 0: 256 */
    size_t subscriptions;                 /* of one connection; 0: 32 */
    const char *files;                    /* folder of attachments; NULL: "files" */
    const char *database;                 /* the store's file, for backups; NULL: none */
    int64_t file_bytes, file_keep_ms;     /* 0: 64 MiB, 7 d (of contents nobody attached) */
    /* Adds what only the composition root knows (reload, doors, plugins); may be NULL. Sets
     * "status" to something else than "ok" when a person should look. */
    void (*health)(json_t *into, void *ctx);
    /* Pending effects may have changed behind the engine's back: a retry, a moved clock; may be
     * NULL. */
    void (*effects_changed)(void *ctx);
    void *ctx;
};

struct discovery {
    char *text;       /* owned; NULL: not made yet */
    uint64_t changes; /* of the registry, when it was made */
};

struct service {
    struct service_options with;
    struct auth *auth;                   /* owned */
    struct subscriptions *subscriptions; /* owned */
    struct files *files;                 /* of the sweep, which ends last */
    struct sweep *sweep;                 /* owned */
    struct clock_move *clock_move;       /* owned; NULL unless server.clock is moving */
    struct upkeep *upkeep;               /* owned: backup, verification */
    struct proposals *proposals;         /* owned: what a second administrator must confirm */
    struct dispatch *dispatch;           /* borrowed; set by service_attach() */
    struct sessions *sessions;           /* borrowed; may be NULL */
    struct discovery discovery[2];       /* the answer to rpc.discover, by language */
    int64_t started_ms;                  /* monotonic */
};

/* Adds all methods of this room to options->methods and starts listening to the engine. */
struct service *service_open(const struct service_options *options, struct err *err);
void service_attach(struct service *s, struct dispatch *dispatch, struct sessions *sessions);
/* End of a turn, after the store's completions: goes on with what waited for them. */
void service_turn(struct service *s);
/* The daemon stops: subscribers are told and released, what waits for a time to come is refused. */
void service_stop(struct service *s);
void service_free(struct service *s); /* no call may be open; accepts NULL */

/* --- for methods_*.c ------------------------------------------------------------------------- */

struct service *service_of(const struct call *c);
void service_effects_changed(struct service *s);
/* Which events the caller may see: what `events.read` and `case.read` give together; new reference.
 */
json_t *service_event_scope(const struct service *s, const struct actor *actor);
struct date service_today(const struct service *s);
int64_t service_now_ms(const struct service *s);
/* Does the caller hold the right anywhere? False: the call has been refused. */
bool service_may(struct call *c, const char *right);
/* What the caller may list under a right; new reference. */
json_t *service_scope(const struct call *c, const char *right);
/* Asks the store; the answer goes to `then` with the request's language in use. On failure the
 * call is refused and `then` does not run. Takes args. */
typedef void (*answered_fn)(struct call *c, json_t *answer);
void service_ask(struct call *c, enum store_question q, json_t *args, answered_fn then);
/* {"items": rows}; takes rows. */
json_t *service_items(json_t *rows);
/* The page's `limit`: 50 unless asked, at most 500 by the row's check. */
int64_t service_limit(const struct call *c);

/* The part of `call` params named (blank-separated) that is present; new reference. */
json_t *service_pick(const struct call *c, const char *names);

/* A mutating method that is no command: `fresh` runs when the key is new; otherwise the call has
 * been answered from the record of the key. */
typedef void (*fresh_fn)(struct call *c);
void service_once(struct call *c, fresh_fn fresh);
/* Records under the call's key, if it has one, in one transaction; answered once durable. Takes
 * everything. */
enum { RECORDS_MAX = 4 };
struct record {
    enum store_record kind;
    json_t *args;
};
/* `then` (may be NULL: response is the answer) runs once durable and answers the call itself. When
 * nothing was written the call has been answered already, and `then` runs with call NULL only to
 * release a ctx that is not NULL. */
typedef void (*recorded_fn)(struct call *c, json_t *response, void *ctx);
void service_record(struct call *c, const struct record records[], size_t count, json_t *response,
    recorded_fn then, void *ctx);
/* An entry for things that belong to no case; data may be NULL. */
struct record audit_record(
    const struct call *c, const char *act, const char *subject, json_t *data);

/* What pages have in common. */
#define PAGE_LIMIT MAY("limit", PARAM_INT, N_("rows of one page"), .min = 1, .max = 500)
#define PAGE_AFTER MAY("after", PARAM_TEXT, N_("cursor: `next` of the page before"), .max = 1000)
#define PAGE_RESULT                                                                                \
    PARAMS(NEED("items", PARAM_LIST, N_("rows")),                                                  \
        MAY("next", PARAM_TEXT, N_("cursor of the next page; null on the last one")),              \
        MAY("total", PARAM_INT, N_("number of all rows, when asked for")))
#define PAGE_EXAMPLE "{\"items\":[],\"next\":null}"

/* One table per noun, each at the end of its methods_<noun>.c. */
struct method_table {
    const struct method *rows;
    size_t count;
};
#define METHOD_TABLE(rows)                                                                         \
    {                                                                                              \
        (rows), sizeof(rows) / sizeof((rows)[0])                                                   \
    }
extern const struct method_table task_table, server_table, auth_table, case_table, document_table,
    inbox_table, flow_table, calendar_table, org_table, user_table, report_table, effects_table,
    events_table, acts_table, file_table, links_table, party_table, term_table, upkeep_table;
enum { METHOD_TABLES = 19 };
extern const struct method_table *const method_tables[METHOD_TABLES];

#endif
