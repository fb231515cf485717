/* base/err.h — the one error value of the project.
 *
 * A fallible function returns bool and takes `struct err *err` last. The code
 * carries everything a caller may branch on (see ERR_LIST); the message is for
 * people, in the language chosen by lang_use(). Never log and return. */
#ifndef FQ_BASE_ERR_H
#define FQ_BASE_ERR_H

#include <jansson.h>
#include <stdbool.h>

/* name, JSON-RPC code, data.kind on the wire, exit code of the client, retryable */
#define ERR_LIST(X)                                                                                \
    X(ERR_PARSE, -32700, "parse", 65, false)                                                       \
    X(ERR_REQUEST, -32600, "invalid_request", 65, false)                                           \
    X(ERR_METHOD, -32601, "method_not_found", 64, false)                                           \
    X(ERR_PARAMS, -32602, "invalid_params", 64, false)                                             \
    X(ERR_INTERNAL, -32603, "internal", 70, false)                                                 \
    X(ERR_UNAUTHENTICATED, 1001, "unauthenticated", 77, false)                                     \
    X(ERR_FORBIDDEN, 1002, "forbidden", 77, false)                                                 \
    X(ERR_NOT_FOUND, 1003, "not_found", 66, false)                                                 \
    X(ERR_FORM, 1004, "form_invalid", 64, false)                                                   \
    X(ERR_STATE, 1010, "state_conflict", 75, false)                                                \
    X(ERR_VERSION, 1011, "version_conflict", 75, false)                                            \
    X(ERR_KEY_REUSED, 1012, "key_reused", 65, false)                                               \
    X(ERR_GUARD, 1013, "guard_refused", 69, false)                                                 \
    X(ERR_DUPLICATE, 1014, "duplicate_case", 69, false)                                            \
    X(ERR_SCRIPT, 1020, "script_error", 70, false)                                                 \
    X(ERR_LIMIT, 1021, "script_limit", 70, false)                                                  \
    X(ERR_OVERLOADED, 1030, "overloaded", 75, true)                                                \
    X(ERR_READ_ONLY, 1031, "read_only", 75, true)                                                  \
    X(ERR_SHUTDOWN, 1032, "shutting_down", 75, true)                                               \
    X(ERR_PLUGIN, 1040, "plugin_error", 70, false)                                                 \
    X(ERR_PROTOCOL, 1050, "unsupported_version", 76, false)                                        \
    /* Never on the wire: files, configuration, the operating system. */                           \
    X(ERR_FILE, -32603, "file", 66, false)                                                         \
    X(ERR_CONFIG, -32603, "config", 64, false)                                                     \
    X(ERR_OFFLINE, -32603, "offline", 75, true)

enum err_code {
    ERR_NONE = 0,
#define X(name, rpc, kind, exit_code, retry) name,
    ERR_LIST(X)
#undef X
        ERR_COUNT
};

struct err {
    enum err_code code;
    char message[1024]; /* what and where, localised, no personal data */
    char hint[512];     /* what would help; may be empty */
    json_t *data;       /* owned; further members of the wire's error.data; may be NULL */
};

struct err_info {
    const char *name;
    int rpc_code;
    const char *kind;
    int exit_code;
    bool retryable;
};

const struct err_info *err_info(enum err_code code); /* never NULL */
enum err_code err_code_of_kind(const char *kind);    /* ERR_INTERNAL when unknown */

/* Sets the error and returns false, so that `return err_set(...)` reads well.
 * An earlier content is replaced. err may be NULL. */
bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
bool err_hint(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Puts context before the message: "file.lua:12: " + message. */
bool err_prefix(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Adds one member to data; takes the reference of value. */
bool err_data(struct err *err, const char *key, json_t *value);
void err_clear(struct err *err); /* releases data, zeroes; accepts NULL */

#endif
