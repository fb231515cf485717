/* client/when.h — dates and times as people write them: 2026-07-01, 2026/7/1, 2026年7月1日, 7月1日,
 * 今天, 昨天; with or without 09:30 or 9点30分; in half or full width. */
#ifndef FQ_CLIENT_WHEN_H
#define FQ_CLIENT_WHEN_H

#include "base/civil.h"
#include "client/client.h"

/* Does the text leave out the year, or count from today? */
bool when_needs_today(const char *text);
/* "2026-07-01" or "2026-07-01T09:30:00" of it; ERR_PARAMS when it is no time or does not exist.
 * Caller owns. */
char *when_read(const char *text, struct date today, struct err *err);
/* The same, asking the server for today when the text needs it. */
char *when_of(struct client *c, const char *text, struct err *err);
/* Puts the option's time under `key`; an absent option puts nothing. */
bool when_put(struct client *c, const struct args *a, const char *option, json_t *params,
    const char *key, struct err *err);

#endif
