/* rpc/auth.h — who is calling: logins, tokens, and the answer to the dispatcher's question.
 *
 * Logins live in real time, whatever clock the law runs on: a demonstration that jumps ahead sixty
 * days does not throw its people out. */
#ifndef FQ_RPC_AUTH_H
#define FQ_RPC_AUTH_H

#include "rpc/call.h"
#include "store/store.h"

struct auth; /* opaque */
struct loop;

struct auth_options {
    struct loop *loop;   /* borrowed */
    struct store *store; /* borrowed */
    int64_t idle_ms;     /* 0: 12 h — a working day: whoever goes home logs in tomorrow */
    int64_t life_ms;     /* 0: 30 d */
    size_t checks_max;   /* 0: 256 password checks waiting: 8 s of two processors */
};

struct auth *auth_open(const struct auth_options *options);
void auth_free(struct auth *a); /* no login may be under way; accepts NULL */

/* The dispatcher's `authenticate` hook; ctx is the auth. */
void auth_authenticate(struct call *c, const char *token, void *ctx);

/* Tries that wait are refused, and so are new ones: the daemon stops. */
void auth_stop(struct auth *a);

/* auth.login: checks the password off the loop thread and answers the call. */
void auth_login(struct auth *a, struct call *c);
/* When the token that this call used ends; 0: it used none (local admin, or a plugin). */
int64_t auth_expires_ms(const struct auth *a, const struct call *c);
int64_t auth_now_ms(const struct auth *a);
/* Forgets what is remembered of a token (hash) or of a user's tokens; the store decides anew. */
void auth_forget_token(struct auth *a, const char *hash);
void auth_forget_user(struct auth *a, const char *user);
/* Bounds the password hashes being made or checked. False: ERR_OVERLOADED with retry_after_ms. */
bool auth_take_check(struct auth *a, struct err *err);
void auth_give_check(struct auth *a);
json_t *auth_stat(const struct auth *a); /* {logins, refused, checks}; new reference */

#endif
