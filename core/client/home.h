/* client/home.h — the client's own files: settings, logins, history, outbox (XDG base directories).
 */
#ifndef FQ_CLIENT_HOME_H
#define FQ_CLIENT_HOME_H

#include "base/err.h"

enum home_kind {
    HOME_CONFIG, /* $XDG_CONFIG_HOME/fengqiao */
    HOME_STATE,  /* $XDG_STATE_HOME/fengqiao: logins, history */
    HOME_DATA,   /* $XDG_DATA_HOME/fengqiao: the outbox */
};

/* The folder or a file in it (name may be NULL); caller owns. */
char *home_path(enum home_kind kind, const char *name);
/* Makes the folder and those above it, readable by the user alone. */
bool home_make(const char *folder, struct err *err);
/* Replaces a file as a whole: temporary file, fsync, rename, folder fsync; mode 0600. */
bool home_write(const char *path, const char *text, size_t len, struct err *err);
/* Removes a file for good: the folder is synced too. One that is gone already is no error. */
bool home_remove(const char *path, struct err *err);
/* NULL when the file cannot be read; caller owns. */
char *home_read(const char *path, size_t *len_out);
/* A JSON object from a file; an empty object when there is none; new reference. */
json_t *home_load(const char *path);

/* Logins by server address: {"token","user","name","expires_at"}. */
json_t *login_load(const char *server); /* new reference; NULL: not logged in */
bool login_save(const char *server, const json_t *login, struct err *err); /* NULL forgets it */

/* Case numbers this user saw lately, newest first: what completion offers. */
void seen_add(const char *const numbers[], size_t count);
json_t *seen_load(void); /* new reference to an array */

#endif
