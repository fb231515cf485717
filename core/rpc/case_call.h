/* rpc/case_call.h — what methods about one case have in common: a command on its way to the engine,
 * and a case that is loaded for whoever may read it. */
#ifndef FQ_RPC_CASE_CALL_H
#define FQ_RPC_CASE_CALL_H

#include "engine/engine.h"
#include "rpc/call.h"

/* A command with the caller, key and case of the call; everything in it is borrowed. */
struct command case_command(const struct call *c, enum command_kind kind, const json_t *args);
/* Submits the command with the caller, key and case of the call, and answers the call with what
 * came of it. Takes args. */
void case_submit(struct call *c, enum command_kind kind, json_t *args);

/* The case named by param "case" is loaded and the caller may read it; kase is borrowed in fn,
 * which answers the call. Otherwise the call is refused and fn does not run. */
typedef void (*case_read_fn)(struct call *c, const struct casefile *kase);
void case_read(struct call *c, case_read_fn fn);

/* Rows of the table of methods. */
#define CASE_PARAM NEED("case", PARAM_CASE, N_("case number, its unique tail, or id"))

#endif
