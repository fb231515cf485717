/* rpc/password.h — yescrypt hashes of passwords.
 *
 * Both functions take about 60 ms by design: never call them on the loop thread;
 * methods_auth.c runs them through io/work. */
#ifndef FQ_RPC_PASSWORD_H
#define FQ_RPC_PASSWORD_H

#include "base/err.h"

#include <stdbool.h>

enum {
    PASSWORD_MIN = 8,   /* characters; shorter ones fall to a dictionary in an afternoon */
    PASSWORD_MAX = 256, /* bytes; more is an attack on the hash function, not a password */
};

/* Is it long enough and not the login name itself? Says what is wrong (ERR_FORM). Fast. */
bool password_fit(const char *password, const char *user, struct err *err);
/* A salted hash ("$y$…"); caller frees. NULL only when the system cannot hash. */
char *password_hash(const char *password);
/* hash NULL stands for an unknown user or one without password: the same work is done against a
 * hash nobody knows the password of, and the answer is false. */
bool password_check(const char *password, const char *hash);
/* Overwrites and frees; accepts NULL. */
void password_forget(char *password);

#endif
