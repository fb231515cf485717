/* domain/access.h — who may do what, where. Everything is refused unless a row allows it.
 *
 * The table is data: role -> rights. A right holds where the member's body holds: for its own
 * cases (scope "body") or in the subtree of its place (scope "subtree"). */
#ifndef FQ_DOMAIN_ACCESS_H
#define FQ_DOMAIN_ACCESS_H

#include "domain/casefile.h"
#include "domain/org.h"

struct access; /* opaque: the rights table */

/* "subtree" includes the own cases. Refused: unknown rights, unknown scopes, a role listed twice.
 * rows:
 * [{"role":"mediator","title":"调解员","rights":{"case.read":"body","case.open":"subtree",…}}] */
struct access *access_load(const json_t *rows, struct err *err);
void access_free(struct access *a); /* accepts NULL */

enum actor_kind { ACTOR_USER, ACTOR_SYSTEM, ACTOR_PLUGIN };

struct actor {
    enum actor_kind kind;
    const char *user; /* person id; "system" for the clock; "plugin:notify" */
    const char *role; /* plugins: the role granted in the configuration; else NULL */
    bool local_admin; /* came over the UNIX socket as the daemon's own user or root */
};

/* May the actor use `right` at `place` / in `body` on day d? A body decides alone when it is given;
 * both NULL asks for a thing that stands nowhere (calendars, workflows, accounts).
 * Refusal: ERR_FORBIDDEN, the reason, and in data.who the offices that could, nearest first:
 * [{role, role_title, body, body_name}]. The local administrator has the administrative rights
 * only: what cases say and what is done in them needs an office. A plugin's role holds city-wide.
 */
bool access_at(const struct access *a, const struct org *o, const struct actor *actor,
    const char *right, const struct place *place, const struct body *body, struct date d,
    struct err *err);
/* The same for an existing case. It is read and noted from everything it touches: its host,
 * participants, supervisor, origin and place; read also from bodies that were asked something in
 * it. It is changed (assign, claim, classify, pause) only
 * from its host: a former host watches, it does not act. A case the actor may not even read gives
 * ERR_NOT_FOUND ("exists but you may not know"). */
bool access_case(const struct access *a, const struct org *o, const struct actor *actor,
    const char *right, const struct casefile *c, struct date d, struct err *err);
/* Does the actor hold `role` (a membership role) in body on day d? */
bool access_holds(const struct org *o, const struct actor *actor, const char *role,
    const char *body, struct date d);
/* Does an office of the actor in this very body give the right? What a body is asked only its own
 * people answer, not those above it. */
bool access_own(const struct access *a, const struct org *o, const struct actor *actor,
    const char *right, const char *body, struct date d);
/* User ids of all whose office in the body gives the right; new reference. */
json_t *access_people(const struct access *a, const struct org *o, const char *right,
    const char *body, struct date d);
/* What the actor may list: {"all":bool,"bodies":[ids],"paths":["/150300/150303/"]}; new reference.
 */
json_t *access_filter(const struct access *a, const struct org *o, const struct actor *actor,
    const char *right, struct date d);
/* {"user","name","members":[{"body","body_name","role","role_title","place"}],"rights":[…]} */
json_t *access_whoami(
    const struct access *a, const struct org *o, const struct actor *actor, struct date d);

#endif
