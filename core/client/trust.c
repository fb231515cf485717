/* client/trust.c — see trust.h. */
#include "client/trust.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/client.h"
#include "client/home.h"
#include "client/remote.h"
#include "io/tls.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_IN "trust.json" /* {"tls://host:7720":{"ca":"/path"} or {"pin":"AB…"}} */

static const char *environment(const char *name)
{
    const char *text = getenv(name);
    return text != NULL && *text != '\0' ? text : NULL;
}

static json_t *kept_load(void)
{
    char *path = home_path(HOME_STATE, KEPT_IN);
    json_t *all = home_load(path);
    mem_free(path);
    return all;
}

static void set(struct client *c, const char *ca, const char *pin)
{
    if (text_equal(ca, c->ca) && text_equal(pin, c->pin)) {
        return;
    }
    trust_close(c);
    remote_close(c); /* a connection made on other grounds */
    c->ca = mem_strdup(ca);
    c->pin = mem_strdup(pin);
}

/* The nearest source that names anything holds alone: a pin kept from a login must not weaken or
 * widen a --ca given now. */
void trust_choose(struct client *c, const char *ca, const char *pin)
{
    json_t *all = kept_load();
    const json_t *kept = json_member(all, c->server);
    const char *sources[][2] = {
        {ca, pin},
        {environment("FENGQIAO_CA"), environment("FENGQIAO_PIN")},
        {json_text(kept, "ca"), json_text(kept, "pin")},
        {json_text(c->config, "ca"), json_text(c->config, "pin")},
        {NULL, NULL},
    };
    size_t i = 0;
    size_t last = sizeof sources / sizeof sources[0] - 1;
    while (i < last && sources[i][0] == NULL && sources[i][1] == NULL) {
        i++;
    }
    set(c, sources[i][0], sources[i][1]);
    json_decref(all);
}

bool trust_ready(struct client *c, struct err *err)
{
    if (c->trust == NULL && text_starts(c->server, "tls://")) {
        c->trust = tls_trust_open(c->ca, c->pin, err);
        return c->trust != NULL;
    }
    return true;
}

bool trust_keep(struct client *c, struct err *err)
{
    if (c->ca == NULL && c->pin == NULL) {
        return true;
    }
    char *folder = home_path(HOME_STATE, NULL), *path = home_path(HOME_STATE, KEPT_IN);
    char *ca = c->ca != NULL ? realpath(c->ca, NULL) : NULL; /* whatever folder comes later */
    json_t *all = kept_load(), *mine = json_object();
    json_put_text(mine, "ca", ca);
    json_put_text(mine, "pin", c->pin);
    json_object_set_new(all, c->server, mine);
    char *text = json_compact(all);
    bool ok = home_make(folder, err) && home_write(path, text, strlen(text), err);
    free(text);
    free(ca);
    json_decref(all);
    mem_free(path);
    mem_free(folder);
    return ok;
}

void trust_close(struct client *c)
{
    tls_trust_free(c->trust);
    mem_free(c->ca);
    mem_free(c->pin);
    c->trust = NULL;
    c->ca = c->pin = NULL;
}

/* --- words -------------------------------------------------------------------------------------
 */

static bool unknown_issuer(const struct tls_peer *p, struct err *err)
{
    err_set(err, ERR_CONFIG,
        _("Nobody this computer trusts issued the server's certificate. Its fingerprint: %s"),
        p->print);
    return err_hint(err, "%s",
        _("With the certificate of your own authority: --ca FILE. Without one: compare the "
          "fingerprint with the administrator by telephone; the same? fengqiao login --pin "
          "FINGERPRINT"));
}

static bool wrong_pin(const struct tls_peer *p, struct err *err)
{
    err_set(err, ERR_CONFIG,
        _("The server shows another certificate than the one agreed on. Its fingerprint: %s"),
        p->print);
    return err_hint(err, "%s",
        _("Was it renewed? Ask the administrator for the new fingerprint. If not, somebody stands "
          "between: do not log in."));
}

bool trust_explain(const struct tls_peer *p, const char *name, struct err *err)
{
    switch (p->problem) {
    case TLS_EXPIRED:
        err_set(err, ERR_CONFIG, _("The server's certificate expired at %s (UTC)."), p->until);
        return err_hint(
            err, "%s", _("The administrator must renew it. Is the date of this computer right?"));
    case TLS_NOT_YET:
        err_set(err, ERR_CONFIG, _("The server's certificate counts only from %s (UTC)."), p->from);
        return err_hint(err, "%s", _("Is the date of this computer right?"));
    case TLS_WRONG_NAME:
        err_set(err, ERR_CONFIG, _("The server's certificate is not for “%s”, but for: %s."), name,
            p->names[0] != '\0' ? p->names : "?");
        return err_hint(err, "%s",
            _("Write the server by a name that stands in its certificate: --server "
              "tls://NAME:PORT"));
    case TLS_UNKNOWN_ISSUER:
        return unknown_issuer(p, err);
    case TLS_WRONG_PIN:
        return wrong_pin(p, err);
    case TLS_DISTRUSTED:
        err_set(err, ERR_CONFIG, "%s", _("The server's certificate is not in order."));
        return err_hint(err, "%s", _("Tell the administrator."));
    case TLS_FINE:
        break;
    }
    return false;
}
