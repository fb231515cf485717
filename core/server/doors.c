/* server/doors.c — where the daemon listens: plain, TLS, UNIX; checked before, opened last, and its
 * certificate read again at SIGHUP. */
#include "server/server_private.h"

#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"
#include "io/stream.h"
#include "io/tls.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Whoever renews by hand needs some days; those who renew by a program do it a month before. */
#define EXPIRES_SOON_MS (INT64_C(14) * 86400000)

/* "address:port" or "[address]:port". */
static bool split_address(
    const struct config *c, enum option o, char **address_out, int *port_out, struct err *err)
{
    const char *text = config_text(c, o), *colon = strrchr(text, ':');
    char *end = NULL;
    long port = colon != NULL ? strtol(colon + 1, &end, 10) : -1;
    if (colon == NULL || end == colon + 1 || *end != '\0' || port < 0 || port > 65535) {
        return err_set(
            err, ERR_CONFIG, _("%s: \"%s\" is not address:port"), option_rows[o].name, text);
    }
    bool bracket = text[0] == '[' && colon > text && colon[-1] == ']';
    *address_out = bracket ? mem_strndup(text + 1, (size_t)(colon - text - 2))
                           : mem_strndup(text, (size_t)(colon - text));
    *port_out = (int)port;
    return true;
}

/* --- certificate and key -----------------------------------------------------------------------
 */

/* Not refused: a key may be kept so for a reason that holds on that machine. */
static void warn_of_key(const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0 && (st.st_mode & 0007) != 0) {
        log_event(LOG_WARNING, "server", "key_readable", "key=%s message=\"%s\"", path,
            _("every user of this machine may read the private key; chmod 640 or 600"));
    }
}

static bool want_file(const struct config *c, enum option o, struct err *err)
{
    if (config_text(c, o)[0] != '\0') {
        return true;
    }
    err_set(err, ERR_CONFIG, _("%s: listen.tls needs %s"), config_origin(c, OPT_TLS),
        option_rows[o].name);
    return err_hint(err, "%s", _("listen = { tls = …, certificate = \"….pem\", key = \"….pem\" }"));
}

bool doors_read_keys(const struct config *c, struct tls_server **out, struct err *err)
{
    bool key_at_fault;
    *out = NULL;
    if (config_text(c, OPT_TLS)[0] == '\0') {
        return true;
    }
    if (!want_file(c, OPT_CERTIFICATE, err) || !want_file(c, OPT_KEY, err)) {
        return false;
    }
    *out = tls_server_open(
        config_text(c, OPT_CERTIFICATE), config_text(c, OPT_KEY), &key_at_fault, err);
    if (*out == NULL) {
        enum option o = key_at_fault ? OPT_KEY : OPT_CERTIFICATE;
        return err_prefix(err, "%s: %s: ", config_origin(c, o), option_rows[o].name);
    }
    warn_of_key(config_text(c, OPT_KEY));
    return true;
}

/* --- opening -----------------------------------------------------------------------------------
 */

static bool open_tcp(struct server *s, struct err *err)
{
    char *address;
    int port;
    if (config_text(s->config, OPT_TCP)[0] == '\0') {
        return true;
    }
    if (!split_address(s->config, OPT_TCP, &address, &port, err)) {
        return false;
    }
    bool ok = sessions_listen_tcp(s->sessions, address, port, err);
    if (ok) {
        log_event(
            LOG_INFO, "server", "listening", "tcp=%s port=%d", address, sessions_port(s->sessions));
    } else {
        err_prefix(err, "%s: ", config_origin(s->config, OPT_TCP));
    }
    mem_free(address);
    return ok;
}

static bool open_tls(struct server *s, struct err *err)
{
    char *address;
    int port;
    struct tls_server *keys;
    char until[INSTANT_TEXT];
    if (!doors_read_keys(s->config, &keys, err)) {
        return false;
    }
    if (keys == NULL) {
        return true;
    }
    if (!split_address(s->config, OPT_TLS, &address, &port, err)) {
        tls_server_free(keys);
        return false;
    }
    instant_format(tls_server_until_ms(keys), until);
    bool ok = sessions_listen_tls(s->sessions, address, port, keys, err);
    if (ok) {
        log_event(LOG_INFO, "server", "listening", "tls=%s port=%d certificate_until=%s", address,
            sessions_tls_port(s->sessions), until);
    } else {
        err_prefix(err, "%s: ", config_origin(s->config, OPT_TLS));
    }
    mem_free(address);
    return ok;
}

static bool open_unix(struct server *s, struct err *err)
{
    const char *path = config_text(s->config, OPT_UNIX);
    if (path[0] == '\0') {
        return true;
    }
    if (!sessions_listen_unix(s->sessions, path, err)) {
        return err_prefix(err, "%s: ", config_origin(s->config, OPT_UNIX));
    }
    chmod(path, 0660); /* who may be admin is decided by the peer's user, not by the file alone */
    log_event(LOG_INFO, "server", "listening", "unix=%s", path);
    return true;
}

bool doors_open(struct server *s, struct err *err)
{
    if (config_flag(s->config, OPT_PLAINTEXT)) {
        log_event(LOG_WARNING, "server", "plaintext_allowed", "%s",
            "passwords travel readable beyond this machine");
    }
    return open_tls(s, err) && open_tcp(s, err) && open_unix(s, err);
}

/* --- checking ----------------------------------------------------------------------------------
 */

static bool check_address(
    const struct config *c, enum option o, bool loopback_only, struct err *err)
{
    char *address = NULL;
    int port;
    if (config_text(c, o)[0] == '\0') {
        return true;
    }
    bool ok = split_address(c, o, &address, &port, err);
    if (ok && loopback_only && !sessions_is_loopback(address)) {
        err_set(err, ERR_CONFIG, _("%s: %s: plain text is served on loopback addresses only"),
            option_rows[o].name, address);
        ok = err_hint(err, "%s",
            _("listen.tls serves others, encrypted; allow_plaintext = true if you must"));
    }
    mem_free(address);
    return ok || err_prefix(err, "%s: ", config_origin(c, o));
}

bool doors_check(const struct config *c, struct err *err)
{
    struct tls_server *keys = NULL;
    bool ok = check_address(c, OPT_TCP, !config_flag(c, OPT_PLAINTEXT), err) &&
              check_address(c, OPT_TLS, false, err) && doors_read_keys(c, &keys, err);
    tls_server_free(keys);
    return ok;
}

/* --- health ------------------------------------------------------------------------------------
 */

static json_t *tls_health(const struct server *s, const struct listener_tls *door, bool *warning)
{
    char until[INSTANT_TEXT];
    struct wallclock real; /* certificates know no virtual clock */
    wallclock_init_real(&real);
    int64_t until_ms = tls_server_until_ms(door->with);
    *warning = *warning || until_ms - wallclock_now_ms(&real) < EXPIRES_SOON_MS;
    return json_pack("{s:s, s:i, s:s, s:s, s:I, s:I, s:I, s:I, s:I}", "address",
        config_text(s->config, OPT_TLS), "port", sessions_tls_port(s->sessions), "certificate",
        tls_server_print(door->with), "certificate_until", instant_format(until_ms, until),
        "greeting", (json_int_t)door->greeting, "greeted", (json_int_t)door->greeted, "failed",
        (json_int_t)door->failed, "late", (json_int_t)door->late, "crowded",
        (json_int_t)door->crowded);
}

json_t *doors_health(const struct server *s, bool *warning_out)
{
    struct listener_tls door = {0};
    json_t *out = json_pack("{s:s, s:i, s:s, s:b, s:I}", "tcp", config_text(s->config, OPT_TCP),
        "port", s->sessions != NULL ? sessions_port(s->sessions) : 0, "unix",
        config_text(s->config, OPT_UNIX), "plaintext_beyond_loopback",
        config_flag(s->config, OPT_PLAINTEXT) ? 1 : 0, "connections",
        (json_int_t)(s->sessions != NULL ? sessions_count(s->sessions) : 0));
    *warning_out = *warning_out || config_flag(s->config, OPT_PLAINTEXT);
    if (s->sessions != NULL) {
        sessions_tls_read(s->sessions, &door);
    }
    if (door.with != NULL) {
        json_object_set_new(out, "tls", tls_health(s, &door, warning_out));
    }
    return out;
}
