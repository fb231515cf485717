/* rpc/call.h — one call of a method, from its checks to its single answer.
 *
 * The dispatcher makes the call, checks it against the method's row, settles who is calling and
 * runs the function. The function (or a callback it started) answers exactly once by one of
 * call_reply, call_reply_raw, call_fail; the call is gone after that. The connection may be gone
 * long before: answering then is right and has no effect. The language of the request is in use
 * (lang_use) while the function runs; a later callback calls call_enter() before it makes words. */
#ifndef FQ_RPC_CALL_H
#define FQ_RPC_CALL_H

#include "base/digest.h"
#include "base/err.h"
#include "base/lang.h"
#include "domain/access.h"
#include "rpc/method.h"

struct call;
struct session;  /* rpc/session.h */
struct dispatch; /* rpc/dispatch.h */

/* --- what was asked -------------------------------------------------------------------------- */

const struct method *call_method(const struct call *c);
void *call_ctx(const struct call *c);                 /* of methods_add() */
struct dispatch *call_dispatch(const struct call *c); /* whose registry rpc.discover describes */
/* The connection; NULL when it closed, and for calls of plugins. */
struct session *call_session(const struct call *c);
const struct actor *call_actor(const struct call *c); /* user "" when nobody is logged in */
enum lang call_lang(const struct call *c);
void call_enter(const struct call *c);      /* lang_use(the request's language) */
const char *call_key(const struct call *c); /* _meta.key; never NULL for mutating methods */
/* The token it is asked under: _meta.token, or the session's login; NULL when neither. */
const char *call_token(const struct call *c);
const char *call_trace(const struct call *c); /* the client's, or one made here; never NULL */
/* SHA-256 of the canonical params without _meta and without secret ones. */
struct digest call_params_hash(const struct call *c);

/* Params have passed the row's checks. Absent ones, and null where it is no value, give the
 * default. */
json_t *call_params(const struct call *c); /* borrowed object, without _meta; never NULL */
json_t *call_param(const struct call *c, const char *name); /* borrowed, or NULL; JSON null stays */
bool call_has(const struct call *c, const char *name);
const char *call_text(const struct call *c, const char *name); /* NULL when absent; ints as text */
int64_t call_int(const struct call *c, const char *name, int64_t otherwise); /* ids as text too */
bool call_bool(const struct call *c, const char *name);                      /* false when absent */
bool call_date(const struct call *c, const char *name, struct date *date_out); /* false: absent */
bool call_instant(const struct call *c, const char *name, int64_t *ms_out);

/* --- answering ------------------------------------------------------------------------------- */

void call_reply(struct call *c, json_t *result); /* takes the reference; an object */
/* Answers with the text of an object as it was stored, byte for byte; `replayed` adds
 * "_meta":{"replayed":true} as its last member. */
void call_reply_raw(struct call *c, const char *result_text, bool replayed);
void call_fail(struct call *c, const struct err *err); /* err is copied */
void call_refuse(struct call *c, struct err *err);     /* call_fail, then err_clear(err) */

/* --- who is calling (rpc/auth) ------------------------------------------------------------- */

/* Answers the dispatcher's `authenticate` hook: the token belongs to `user` — the call goes on. */
void call_authenticated(struct call *c, const char *user);

#endif
