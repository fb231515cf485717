/* client/cmd_server.c — the administrator's long works on the server: backup, verification, heads.
 * The server works on by itself; the client asks how far it is. */
#include "client/cmd.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/progress.h"
#include "client/remote.h"
#include "client/view.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { ASK_FIRST_MS = 20, ASK_EVERY_MS = 500, HEADS_BYTES_MAX = 100000 };

static const char *phase_words(const char *phase)
{
    return text_equal(phase, "copy")    ? _("copying")
           : text_equal(phase, "files") ? _("attachments")
                                        : _("checking");
}

/* Asks until it is over; takes nothing. The result, or NULL with the server's error. */
static json_t *wait_for(struct client *c, int64_t job, struct err *err)
{
    struct progress progress;
    char phase[16] = "";
    int wait_ms = ASK_FIRST_MS;
    for (;;) {
        json_t *told =
            remote_call(c, "server.job", json_pack("{s:I}", "job", (json_int_t)job), err);
        if (told == NULL || !json_flag(told, "running")) {
            if (phase[0] != '\0') {
                progress_end(&progress);
            }
            json_t *result = json_incref(json_object_get(told, "result"));
            if (told != NULL && result == NULL) {
                const json_t *error = json_member(told, "error");
                err_set(err, err_code_of_kind(json_text(error, "kind")), "%s",
                    json_text(error, "message"));
                err_hint(err, "%s", json_text(error, "hint"));
            }
            json_decref(told);
            return result;
        }
        if (!text_equal(phase, json_text(told, "phase"))) {
            snprintf(phase, sizeof phase, "%s", json_text(told, "phase"));
            progress_begin(
                &progress, stderr, phase_words(phase), (size_t)json_number(told, "total", 0));
        }
        progress_at(&progress, (size_t)json_number(told, "done", 0));
        json_decref(told);
        poll(NULL, 0, wait_ms);
        wait_ms = wait_ms * 2 < ASK_EVERY_MS ? wait_ms * 2 : ASK_EVERY_MS;
    }
}

/* Starts the work and waits for it. Takes params. */
static json_t *work(struct client *c, const char *method, json_t *params, struct err *err)
{
    json_t *started = remote_call(c, method, params, err);
    json_t *result = started == NULL ? NULL : wait_for(c, json_number(started, "job", 0), err);
    json_decref(started);
    return result;
}

bool cmd_server_backup(struct client *c, const struct args *a, struct err *err)
{
    char folder[PATH_MAX];
    const char *said = args_word(a, 0);
    /* The server runs on this machine: what is meant is below where one stands. */
    if (said[0] != '/' && getcwd(folder, sizeof folder) != NULL) {
        size_t len = strlen(folder);
        snprintf(folder + len, sizeof folder - len, "/%s", said);
    } else {
        snprintf(folder, sizeof folder, "%s", said);
    }
    json_t *made = work(c, "server.backup", json_pack("{s:s}", "folder", folder), err);
    if (made == NULL) {
        return false;
    }
    if (!view_raw(c, made)) {
        fprintf(c->out, _("✓ Saved and checked: %s\n"), json_text(made, "path"));
        fprintf(c->out, _("  %lld cases, %lld events, up to event %lld; %lld attachments\n"),
            (long long)json_number(made, "cases", 0), (long long)json_number(made, "events", 0),
            (long long)json_number(made, "last_seq", 0),
            (long long)json_number(made, "files", 1) - 1);
        size_t missing = json_array_size(json_member(made, "missing"));
        size_t removed = json_array_size(json_member(made, "removed"));
        if (removed > 0) {
            fprintf(c->out, _("  %zu leftovers of interrupted runs were removed\n"), removed);
        }
        if (missing > 0) {
            fprintf(c->out,
                _("! %zu attachments are missing or damaged on the server; their hashes stand "
                  "in manifest.json\n"),
                missing);
        }
    }
    c->exit_code = json_array_size(json_member(made, "missing")) > 0 ? 1 : 0;
    json_decref(made);
    return true;
}

/* One line about what is bad, as fengqiaod --verify says it. */
static void print_bad(struct client *c, const json_t *entry, bool first)
{
    const char *number = json_text(entry, "number");
    fprintf(c->out, "%s ", first ? _("FIRST BAD:") : _("also bad:"));
    if (json_object_get(entry, "case") != NULL) {
        fprintf(c->out, _("case %s, version %lld "), number != NULL ? number : "?",
            (long long)json_number(entry, "version", 0));
    }
    if (json_object_get(entry, "until") != NULL) {
        fprintf(c->out, _("events %lld to %lld "), (long long)json_number(entry, "seq", 0),
            (long long)json_number(entry, "until", 0));
    } else if (json_object_get(entry, "seq") != NULL) {
        fprintf(c->out, _("event %lld "), (long long)json_number(entry, "seq", 0));
    } else if (json_object_get(entry, "id") != NULL) {
        fprintf(c->out, _("audit entry %lld "), (long long)json_number(entry, "id", 0));
    }
    fprintf(c->out, "— %s\n", json_text(entry, "problem"));
}

static void print_verdict(struct client *c, const json_t *found)
{
    size_t i;
    const json_t *entry;
    fprintf(c->out, _("%lld events of %lld cases, up to event %lld; %lld audit entries\n"),
        (long long)json_number(found, "events", 0), (long long)json_number(found, "cases", 0),
        (long long)json_number(found, "last_seq", 0), (long long)json_number(found, "audit", 0));
    if (json_object_get(found, "kept_seq") != NULL) {
        fprintf(c->out, _("compared with the heads kept at event %lld\n"),
            (long long)json_number(found, "kept_seq", 0));
    }
    json_array_foreach(json_member(found, "bad"), i, entry)
    {
        print_bad(c, entry, i == 0);
    }
    if (json_flag(found, "ok")) {
        fprintf(c->out, "%s\n", _("✓ Everything is as it was written."));
    }
}

/* The text of a small file; caller owns. */
static char *read_heads(const char *path, struct err *err)
{
    FILE *in = fopen(path, "rb");
    if (in == NULL) {
        err_set(err, ERR_FILE, "%s: %s", path, strerror(errno));
        return NULL;
    }
    char *text = mem_alloc(HEADS_BYTES_MAX + 1);
    text[fread(text, 1, HEADS_BYTES_MAX, in)] = '\0';
    fclose(in);
    return text;
}

bool cmd_server_verify(struct client *c, const struct args *a, struct err *err)
{
    const char *path = args_option(a, "heads");
    char *heads = path != NULL ? read_heads(path, err) : NULL;
    if (path != NULL && heads == NULL) {
        return false;
    }
    json_t *params = json_object();
    json_put_text(params, "heads", heads);
    mem_free(heads);
    json_t *found = work(c, "server.verify", params, err);
    if (found == NULL) {
        return false;
    }
    if (!view_raw(c, found)) {
        print_verdict(c, found);
    }
    c->exit_code = json_flag(found, "ok") ? 0 : 1;
    json_decref(found);
    return true;
}

bool cmd_server_heads(struct client *c, const struct args *a, struct err *err)
{
    (void)a;
    json_t *made = work(c, "server.heads", NULL, err);
    if (made == NULL) {
        return false;
    }
    if (!view_raw(c, made)) {
        fputs(json_text(made, "heads"), c->out);
    }
    json_decref(made);
    return true;
}
