/* engine/recusal.h — people who must not handle a case (回避): they read, and say a word, no more.
 */
#ifndef FQ_ENGINE_RECUSAL_H
#define FQ_ENGINE_RECUSAL_H

#include "engine/decision.h"

bool recused(const struct casefile *c, const char *user);
/* True when the user may handle the case. Refusal: ERR_FORBIDDEN, the reason, who can instead in
 * the hint and in data.who. */
bool recusal_allows(
    const struct engine *e, const struct casefile *c, const char *user, struct err *err);
/* The ids in `users` that may handle the case; takes users, new reference. */
json_t *recusal_without(const struct casefile *c, json_t *users);
/* [{user, user_name, reason, by, by_name, at}]; new reference. */
json_t *recusal_page(const struct engine *e, const struct casefile *c);

#endif
