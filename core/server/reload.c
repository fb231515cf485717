/* server/reload.c — SIGHUP: configuration and reference data anew, all or nothing; and what health
 * tells of the composition root. */
#include "server/server_private.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"
#include "io/tls.h"
#include "server/notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool server_paths(const struct config *c, struct reference_paths *paths_out, char **org_out)
{
    const char *org = config_text(c, OPT_ORG);
    *org_out =
        org[0] != '\0' ? mem_strdup(org) : mem_printf("%s/wuhai", config_text(c, OPT_WORKFLOWS));
    *paths_out = (struct reference_paths){
        config_text(c, OPT_WORKFLOWS), *org_out, config_text(c, OPT_TAXONOMY)};
    return true;
}

static void recomputed(const struct command_result *r, void *ctx)
{
    (void)ctx;
    if (r->err != NULL) {
        log_event(LOG_ERROR, "server", "recompute_failed", "error=\"%s\"", r->err->message);
        return;
    }
    log_event(LOG_INFO, "server", "recomputed", "year=%lld changed=%zu",
        (long long)json_number(r->result, "year", 0),
        json_array_size(json_object_get(r->result, "changed")));
}

struct anew {
    struct config *config;
    struct reference *reference;
    struct tls_server *keys; /* NULL: no TLS door */
};

/* Everything is read before anything changes. */
static bool read_anew(struct server *s, struct anew *a, struct err *err)
{
    struct reference_paths paths;
    char *org;
    a->config = config_load(config_file(s->config), s->flags, err);
    if (a->config == NULL) {
        return false;
    }
    server_paths(a->config, &paths, &org);
    bool ok = doors_read_keys(a->config, &a->keys, err);
    a->reference = ok ? reference_load(&paths, err) : NULL;
    mem_free(org);
    if (a->reference == NULL) {
        tls_server_free(a->keys);
        config_free(a->config);
        return false;
    }
    return true;
}

/* "XF.HANDLE, RT.MED and 3 more": enough to know which paper it is about. The caller frees. */
static char *list_text(const json_t *ids)
{
    enum { SHOWN = 8 };
    struct buf text = {0};
    size_t n = json_array_size(ids);
    for (size_t i = 0; i < n && i < SHOWN; i++) {
        buf_addf(&text, "%s%s", i > 0 ? " " : "", json_string_value(json_array_get(ids, i)));
    }
    if (n > SHOWN) {
        buf_addf(&text, " … (%zu)", n);
    }
    return buf_take(&text);
}

void server_reference_told(struct server *s, const struct reference *reference)
{
    json_t *ids = reference_terms_differ(reference, s->engine);
    json_decref(s->reload.reference);
    s->reload.reference = reference_stat(reference);
    if (json_array_size(ids) > 0) {
        char *list = list_text(ids);
        char *said =
            mem_printf(_("the file of terms is not what is in force: %s; two administrators "
                         "load it"),
                list);
        log_event(LOG_WARNING, "server", "terms_differ", "message=\"%s\"", said);
        json_put_text(s->reload.reference, "terms_differ", said);
        mem_free(said);
        mem_free(list);
    }
    json_decref(ids);
}

static void switch_over(struct server *s, const struct anew *a)
{
    struct config *config = a->config;
    struct reference *reference = a->reference;
    json_t *years = json_array(), *year;
    size_t i;
    json_decref(s->reload.kept);
    s->reload.kept = config_unreloadable(s->config, config);
    server_reference_told(s, reference);
    config_use_log(config);
    if (a->keys != NULL) {
        log_event(LOG_INFO, "server", "certificate", "sha256=%s", tls_server_print(a->keys));
        sessions_renew_tls(s->sessions, a->keys); /* who is connected keeps the old one */
    }
    reference_apply(reference, s->engine, s->store, wallclock_now_ms(&s->clock), years);
    reference_links_told(s->engine);
    json_array_foreach(years, i, year)
    {
        engine_recompute(s->engine, (int)json_integer_value(year), recomputed, s);
    }
    json_decref(years);
    config_free(s->config);
    s->config = config;
    char *kept = json_compact(s->reload.kept);
    log_event(LOG_INFO, "server", "reloaded", "needs_restart=%s", kept);
    free(kept);
}

void server_reload(struct server *s)
{
    struct anew anew = {0};
    struct err err = {0};
    notify_send("RELOADING=1");
    s->reload.ok = read_anew(s, &anew, &err);
    s->reload.at_ms = wallclock_now_ms(&s->clock);
    snprintf(s->reload.error, sizeof(s->reload.error), "%s", err.message);
    if (s->reload.ok) {
        switch_over(s, &anew);
    } else {
        log_event(LOG_ERROR, "server", "reload_failed", "error=\"%s\" hint=\"%s\"", err.message,
            err.hint);
    }
    err_clear(&err);
    notify_send("READY=1");
}

/* --- health ----------------------------------------------------------------------------------- */

static json_t *reload_health(const struct server *s)
{
    char at[INSTANT_TEXT];
    json_t *out = json_pack(
        "{s:b, s:s}", "ok", s->reload.ok ? 1 : 0, "at", instant_format(s->reload.at_ms, at));
    if (!s->reload.ok) {
        json_put_text(out, "error", s->reload.error);
    }
    if (s->reload.kept != NULL) {
        json_object_set(out, "needs_restart", s->reload.kept);
    }
    return out;
}

static json_t *limits_health(const struct server *s)
{
    json_t *limits = json_object();
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (strncmp(option_rows[i].name, "limits.", 7) == 0) {
            json_put_text(limits, option_rows[i].name + 7, config_text(s->config, (enum option)i));
        }
    }
    return limits;
}

void server_health(json_t *into, void *ctx)
{
    struct server *s = ctx;
    bool warning = false;
    json_object_set_new(into, "doors", doors_health(s, &warning));
    warning = warning || (s->reload.at_ms != 0 && !s->reload.ok) ||
              json_object_get(s->reload.reference, "terms_differ") != NULL ||
              (s->plug != NULL && !plug_healthy(s->plug));
    json_object_set_new(into, "limits", limits_health(s));
    json_object_set(into, "reference", s->reload.reference);
    if (s->plug != NULL) {
        json_object_set_new(into, "plugins", plug_status(s->plug));
    }
    if (s->reload.at_ms != 0) {
        json_object_set_new(into, "reload", reload_health(s));
    }
    if (warning) {
        json_object_set_new(into, "status", json_string("warning"));
    }
}
