/* server/server_private.h — what the files of this room share; nobody else includes it. */
#ifndef FQ_SERVER_PRIVATE_H
#define FQ_SERVER_PRIVATE_H

#include "base/wallclock.h"
#include "engine/engine.h"
#include "plug/plug.h"
#include "rpc/dispatch.h"
#include "rpc/service.h"
#include "rpc/sessions.h"
#include "server/config.h"
#include "server/reference.h"
#include "store/store.h"

struct loop;
struct timer;
struct wake;
struct signal_watch;
struct tls_server;

enum { SERVER_SIGNALS = 4 };

struct server {
    struct config *config; /* owned, as all below unless said otherwise */
    char *org;             /* folder of the organisation's data */
    json_t *flags;
    struct wallclock clock;
    struct loop *loop;
    struct wake *wake;
    struct store *store;
    struct engine *engine;
    struct methods *methods;
    struct dispatch *dispatch;
    struct service *service;
    struct sessions *sessions;
    struct plug *plug;
    struct timer *due;      /* the next moment at which a legal clock is due */
    struct timer *second;   /* recovery, watchdog */
    struct timer *patience; /* ends an orderly stop that takes too long */
    struct signal_watch *signals[SERVER_SIGNALS];
    int64_t due_at_ms; /* what `due` is set to */
    int64_t watchdog_ms, watchdog_sent_ms, letters_looked_ms;
    bool stopping, stopped;
    int exit_code;
    struct {
        bool asked;    /* SIGHUP came; done at the end of the turn */
        int64_t at_ms; /* 0: never done */
        bool ok;
        char error[1024];
        json_t *kept; /* names of options that need a restart; may be NULL */
        json_t *reference;
    } reload;
};

/* --- doors.c -----------------------------------------------------------------------------------
 */

bool doors_open(struct server *s, struct err *err);
bool doors_check(const struct config *config, struct err *err); /* as doors_open, opening none */
/* Certificate and key of the configuration; *out NULL when it has no TLS door. */
bool doors_read_keys(const struct config *config, struct tls_server **out, struct err *err);
json_t *doors_health(const struct server *s, bool *warning_out); /* new reference */

/* ------------------------------------------------------------------------------------------------
 */

void turns_open(struct server *s); /* end-of-turn steps, due timer, each second */
void turns_close(struct server *s);
void turns_wait_store(struct server *s); /* turns the loop until the store has no backlog */

void stop_begin(struct server *s); /* SIGTERM */
void stop_now(struct server *s);   /* the second one */
void stop_turn(struct server *s);  /* is everything answered and written? */

bool server_paths(const struct config *c, struct reference_paths *paths_out, char **org_out);
void server_reload(struct server *s); /* SIGHUP */
/* Keeps what there is for health, and says so where the file of terms is not what is in force. */
void server_reference_told(struct server *s, const struct reference *reference);
void server_health(json_t *into, void *ctx);

#endif
