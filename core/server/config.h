/* server/config.h — fengqiao.conf.lua: read, checked against one table, overridden, printed.
 *
 * A value comes from the table's default, the file, FENGQIAO_* of the environment or a flag, the
 * later one winning; every value remembers where it came from. An unknown name is an error with
 * file, line and the nearest name: a mistyped limit that is silently ignored is a limit that is
 * not there. */
#ifndef FQ_SERVER_CONFIG_H
#define FQ_SERVER_CONFIG_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum option_type {
    OPTION_TEXT,
    OPTION_PATH,   /* relative to the folder of the file it stands in */
    OPTION_CHOICE, /* one of `choices` */
    OPTION_NUMBER,
    OPTION_DURATION, /* "30s" "12h" "30d"; kept in milliseconds */
    OPTION_SIZE,     /* "1MiB"; kept in bytes */
    OPTION_BOOL,
    OPTION_INSTANT, /* "2019-01-01T08:00"; kept as text, checked */
    OPTION_LIST,    /* of tables; from the file only */
};

/* id, name, type, default, least, most (in the kept unit), choices, reloadable, help */
#define CONFIG_OPTIONS(X)                                                                          \
    X(OPT_TCP, "listen.tcp", OPTION_TEXT, "127.0.0.1:7719", 0, 0, NULL, false,                     \
        N_("address and port of the plain door; empty: none; port 0: any free one"))               \
    X(OPT_TLS, "listen.tls", OPTION_TEXT, "", 0, 0, NULL, false,                                   \
        N_("address and port of the TLS door; empty: none; needs listen.certificate and .key"))    \
    X(OPT_CERTIFICATE, "listen.certificate", OPTION_PATH, "", 0, 0, NULL, true,                    \
        N_("PEM file with the certificate and its chain; read again at SIGHUP"))                   \
    X(OPT_KEY, "listen.key", OPTION_PATH, "", 0, 0, NULL, true,                                    \
        N_("PEM file with the certificate's private key; read again at SIGHUP"))                   \
    X(OPT_UNIX, "listen.unix", OPTION_PATH, "", 0, 0, NULL, false,                                 \
        N_("path of the UNIX socket; the daemon's own user and root are administrators there"))    \
    X(OPT_PLAINTEXT, "allow_plaintext", OPTION_BOOL, "false", 0, 0, NULL, false,                   \
        N_("let the plain door listen beyond loopback; passwords then travel readable"))           \
    X(OPT_DATABASE, "database", OPTION_PATH, "fengqiao.db", 0, 0, NULL, false,                     \
        N_("the SQLite file"))                                                                     \
    X(OPT_READERS, "readers", OPTION_NUMBER, "2", 1, 64, NULL, false,                              \
        N_("threads that answer lists, search and reports"))                                       \
    X(OPT_FILES, "files", OPTION_PATH, "", 0, 0, NULL, false,                                      \
        N_("folder of attachments; empty: files/ beside the database"))                            \
    X(OPT_FILES_KEEP, "files_keep", OPTION_DURATION, "7d", 60000, INT64_C(31536000000), NULL,      \
        false, N_("contents that were sent but attached to no case are removed after this"))       \
    X(OPT_WORKFLOWS, "workflows", OPTION_PATH, "workflows", 0, 0, NULL, true,                      \
        N_("folder of the workflow scripts (*.lua) and of calendar/"))                             \
    X(OPT_ORG, "org", OPTION_PATH, "", 0, 0, NULL, true,                                           \
        N_("folder of the organisation (*.csv), rights and terms; empty: wuhai/ in workflows"))    \
    X(OPT_TAXONOMY, "taxonomy", OPTION_PATH, "", 0, 0, NULL, true,                                 \
        N_("categories as .lua or .jsonl; empty: categories.lua beside the organisation"))         \
    X(OPT_CLOCK, "clock", OPTION_CHOICE, "real", 0, 0, "real virtual", false,                      \
        N_("virtual: time stands still until server.clock moves it (trials and tests only)"))      \
    X(OPT_CLOCK_START, "clock_start", OPTION_INSTANT, "", 0, 0, NULL, false,                       \
        N_("where a virtual clock starts; empty: where the history ends, or now"))                 \
    X(OPT_LOG_LEVEL, "log.level", OPTION_CHOICE, "info", 0, 0, "error warning info debug", true,   \
        N_("least important line that is logged"))                                                 \
    X(OPT_LOG_FORMAT, "log.format", OPTION_CHOICE, "text", 0, 0, "text json", true,                \
        N_("shape of a log line"))                                                                 \
    X(OPT_LANG, "lang", OPTION_CHOICE, "zh", 0, 0, "zh en", false,                                 \
        N_("language of answers to clients that name none"))                                       \
    X(OPT_CACHE_CASES, "cache_cases", OPTION_NUMBER, "10000", 16, 10000000, NULL, false,           \
        N_("cases kept in memory; about 6 KiB each"))                                              \
    X(OPT_LINE_BYTES, "limits.line_bytes", OPTION_SIZE, "1MiB", 1024, 1 << 20, NULL, false,        \
        N_("longest line of a request"))                                                           \
    X(OPT_FILE_BYTES, "limits.file_bytes", OPTION_SIZE, "64MiB", 1024, INT64_C(4294967296), NULL,  \
        false, N_("largest attachment"))                                                           \
    X(OPT_CONNECTIONS, "limits.connections", OPTION_NUMBER, "10000", 1, 1000000, NULL, false,      \
        N_("open connections"))                                                                    \
    X(OPT_IDLE, "limits.idle", OPTION_DURATION, "10min", 1000, INT64_C(86400000), NULL, false,     \
        N_("a silent connection without subscription is closed after this"))                       \
    X(OPT_SUBSCRIPTIONS, "limits.subscriptions", OPTION_NUMBER, "32", 1, 1000, NULL, false,        \
        N_("subscriptions of one connection"))                                                     \
    X(OPT_PASSWORD_CHECKS, "limits.password_checks", OPTION_NUMBER, "256", 1, 10000, NULL, false,  \
        N_("password checks waiting or running at once; 60 ms of one processor each"))             \
    X(OPT_STOP, "limits.stop", OPTION_DURATION, "30s", 100, 600000, NULL, false,                   \
        N_("longest orderly stop after SIGTERM"))                                                  \
    X(OPT_TOKEN_IDLE, "tokens.idle", OPTION_DURATION, "12h", 60000, INT64_C(31536000000), NULL,    \
        false, N_("a login unused for so long ends"))                                              \
    X(OPT_TOKEN_LIFE, "tokens.life", OPTION_DURATION, "30d", 60000, INT64_C(31536000000), NULL,    \
        false, N_("a login ends after this, used or not"))                                         \
    X(OPT_PLUGINS, "plugins", OPTION_LIST, "", 0, 0, NULL, false,                                  \
        N_("{ { path = \"…/notify.so\", role = \"…\", options = { … } }, … }"))

enum option {
#define X(id, name, type, otherwise, least, most, choices, reload, help) id,
    CONFIG_OPTIONS(X)
#undef X
        OPTION_COUNT
};

struct option_row {
    const char *name;
    enum option_type type;
    const char *otherwise;
    int64_t least, most;
    const char *choices; /* blank-separated */
    bool reloadable;
    const char *help; /* msgid */
};
extern const struct option_row option_rows[OPTION_COUNT];

struct config; /* opaque */

/* What the command line said: file NULL: none; flags {"name":"value"} borrowed, may be NULL. The
 * environment is read here too. NULL and ERR_CONFIG "file:line: …" when anything is wrong. */
struct config *config_load(const char *file, const json_t *flags, struct err *err);
void config_free(struct config *c); /* accepts NULL */

const char *config_text(const struct config *c, enum option o); /* "" when empty */
int64_t config_number(const struct config *c, enum option o);   /* numbers, ms, bytes, 0/1 */
bool config_flag(const struct config *c, enum option o);
const json_t *config_list(const struct config *c, enum option o); /* borrowed; NULL when absent */
const char *config_origin(const struct config *c, enum option o); /* "default", "file:12", … */
char *config_files(const struct config *c);      /* folder of attachments; caller owns */
const char *config_file(const struct config *c); /* NULL: none */
/* Every option as it is in force, with its origin, as a file that would be read back. */
void config_print(const struct config *c, FILE *out);
void config_help(FILE *out);
void config_use_log(const struct config *c); /* log.level and log.format, from now on */
/* Names of options that differ and cannot be changed without a restart; new reference. */
json_t *config_unreloadable(const struct config *was, const struct config *is);
/* The nearest option name; NULL when none is near. */
const char *config_nearest(const char *name);

/* "30s" "10min" "12h" "30d" "250ms" -> milliseconds; "64KiB" "1MiB" "2GiB" "512" -> bytes. */
bool duration_parse(const char *text, int64_t *ms_out);
bool size_parse(const char *text, int64_t *bytes_out);

#endif
