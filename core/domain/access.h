/* domain/access.h — who may do what, where. Everything is refused unless a row allows it.
 *
 * The table is data: role -> rights. A right holds where the member's body holds: for its own
 * cases (scope "body") or in the subtree of its place (scope "subtree"). */
#ifndef FQ_DOMAIN_ACCESS_H
#define FQ_DOMAIN_ACCESS_H

#include "domain/casefile.h"
#include "domain/org.h"

struct access; /* opaque: the rights table */

/* rows: [{"role":"mediator","title":"调解员","rights":{"case.read":"body","case.open":"subtree",…}}] */
struct access *access_load(const json_t *rows, struct err *err);
void access_free(struct access *a); /* accepts NULL */

enum actor_kind { ACTOR_USER, ACTOR_SYSTEM, ACTOR_PLUGIN };

struct actor {
    enum actor_kind kind;
    const char *user;   /* person id; "system" for the clock; "plugin:notify" */
    const char *role;   /* plugins: the role granted in the configuration; else NULL */
    bool local_admin;   /* came over the UNIX socket as the daemon's own user or root */
};

/* May the actor use `right` at `place` / in `body` (either may be NULL) on day d?
 * Refusal: ERR_FORBIDDEN, the reason, and in data.who the roles and bodies that could. */
bool access_at(const struct access *a, const struct org *o, const struct actor *actor,
    const char *right, const struct place *place, const struct body *body, struct date d,
    struct err *err);
/* The same for an existing case: its host, participants, supervisor, origin and place count. A
 * case the actor may not even read gives ERR_NOT_FOUND ("exists but you may not know"). */
bool access_case(const struct access *a, const struct org *o, const struct actor *actor,
    const char *right, const struct casefile *c, struct date d, struct err *err);
/* Does the actor hold `role` (a membership role) in body on day d? */
bool access_holds(const struct org *o, const struct actor *actor, const char *role,
    const char *body, struct date d);
/* What the actor may list: {"all":bool,"bodies":[ids],"paths":["/150300/150303/"]}; new reference. */
json_t *access_filter(const struct access *a, const struct org *o, const struct actor *actor,
    const char *right, struct date d);
/* {"user","name","members":[{"body","body_name","role","role_title","place"}],"rights":[…]} */
json_t *access_whoami(const struct access *a, const struct org *o, const struct actor *actor,
    struct date d);

#endif
