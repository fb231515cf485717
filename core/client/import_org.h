/* client/import_org.h — places, bodies and accounts for an import, asked of the server and
 * remembered.
 *
 * There is one permission path: the importer has no rights of its own over other people's cases.
 * For a demonstration it logs in as the people who may act, with the demo password of the
 * environment. */
#ifndef FQ_CLIENT_IMPORT_ORG_H
#define FQ_CLIENT_IMPORT_ORG_H

#include "client/client.h"
#include "client/import_row.h"

struct import_org; /* opaque */

struct import_org *import_org_new(struct client *c, const struct import_map *m);
void import_org_free(struct import_org *o); /* accepts NULL */

/* Code of the place a row is registered for, by the map's rule; NULL without error when the map has
 * none. Borrowed. *ok_out false: the server could not be asked. */
const char *import_org_place(
    struct import_org *o, const struct import_row *r, bool *ok_out, struct err *err);
/* The body of the map's kind at the place, NULL when the map names none. Borrowed. */
const char *import_org_body(struct import_org *o, const char *place, bool *ok_out, struct err *err);
/* A person of the body with this membership role; NULL and ERR_NOT_FOUND. Borrowed. */
const char *import_org_member(
    struct import_org *o, const char *body, const char *role, struct err *err);
/* Accounts that may take the step, likeliest first. Without `all` only the one that took the same
 * step for the same body before, when there is one. Else: those the server names for this case,
 * then the people with the roles `by` at `body` and at the case's present host (who took it in an
 * earlier run, when the server names nobody any more). New reference, perhaps empty. */
json_t *import_org_actors(struct import_org *o, const char *number, const char *body,
    const char *action, const json_t *by, bool all);
void import_org_acted(struct import_org *o, const char *body, const char *action, const char *user);
/* Token of an account, logging in when needed; NULL user: the account at hand. NULL with err. */
const char *import_org_token(struct import_org *o, const char *user, struct err *err);

#endif
