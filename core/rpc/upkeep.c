/* rpc/upkeep.c — see upkeep.h. The walk is all that both threads touch while it runs. */
#include "rpc/upkeep.h"

#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "io/work.h"
#include "store/backup.h"
#include "store/proof.h"

#include <string.h>

struct upkeep {
    struct service *s;      /* on the loop only */
    char *database, *files; /* owned: the worker may outlive the service */
    struct walk walk;
    enum upkeep_work work;
    enum lang lang;
    char *text; /* owned: folder or heads; may be NULL */
    int64_t job, now_ms;
    bool running, closed;
    json_t *result; /* owned; NULL: it failed, see err */
    struct err err;
    int64_t backup_ms, backup_seq; /* the last good one; 0: none */
    bool backup_failed;            /* the last one */
};

static const char *const work_names[] = {"backup", "verify", "heads"};
static const char *const phase_names[] = {"copy", "check", "files"};

struct upkeep *upkeep_open(struct service *s)
{
    struct upkeep *u = mem_alloc(sizeof(*u));
    u->s = s;
    u->database = mem_strdup(s->with.database != NULL ? s->with.database : "");
    u->files = mem_strdup(s->with.files != NULL ? s->with.files : "files");
    return u;
}

static void release(struct upkeep *u)
{
    json_decref(u->result);
    err_clear(&u->err);
    mem_free(u->text);
    u->text = NULL;
    u->result = NULL;
}

/* --- on the worker ---------------------------------------------------------------------------- */

static json_t *back_up(struct upkeep *u)
{
    struct backup b = {.database = u->database,
        .files = u->files,
        .into = u->text,
        .version = FENGQIAO_VERSION,
        .now_ms = u->now_ms};
    json_t *manifest = backup_make(&b, &u->walk, &u->err);
    if (manifest != NULL) { /* the list is long, and in the manifest */
        json_put_number(
            manifest, "files", (int64_t)json_array_size(json_member(manifest, "files")));
    }
    return manifest;
}

static json_t *make_heads(struct upkeep *u)
{
    char *text = proof_heads(u->database, PROOF_BESIDE_WRITER, u->now_ms, &u->walk, &u->err);
    json_t *result = text != NULL ? json_pack("{s:s}", "heads", text) : NULL;
    mem_free(text);
    return result;
}

static void run(void *ctx)
{
    struct upkeep *u = ctx;
    lang_use(u->lang);
    u->result = u->work == UPKEEP_BACKUP ? back_up(u)
                : u->work == UPKEEP_HEADS
                    ? make_heads(u)
                    : proof_verify(u->database, PROOF_BESIDE_WRITER, u->text, &u->walk, &u->err);
}

/* --- on the loop ------------------------------------------------------------------------------ */

static void note(struct upkeep *u)
{
    const char *name = work_names[u->work];
    bool bad = u->work == UPKEEP_VERIFY && u->result != NULL && !json_flag(u->result, "ok");
    if (u->work == UPKEEP_BACKUP) {
        u->backup_failed = u->result == NULL;
        u->backup_ms = u->backup_failed ? u->backup_ms : u->now_ms;
        u->backup_seq = json_number(u->result, "last_seq", u->backup_seq);
    }
    if (u->result == NULL) {
        log_event(LOG_ERROR, "server", name, "error=\"%s\"", u->err.message);
    } else if (bad) {
        log_event(LOG_ERROR, "server", name, "bad=%lld last_seq=%lld",
            (long long)json_number(u->result, "bad_count", 0),
            (long long)json_number(u->result, "last_seq", 0));
    } else {
        log_event(LOG_INFO, "server", name, "job=%lld last_seq=%lld", (long long)u->job,
            (long long)json_number(u->result, "last_seq", 0));
    }
}

static void done(void *ctx)
{
    struct upkeep *u = ctx;
    u->running = false;
    if (u->closed) {
        upkeep_free(u);
        return;
    }
    note(u);
}

/* Who asked for it is on the disk; now it may begin. */
static void begin(struct call *c, json_t *response, void *ctx)
{
    struct upkeep *u = ctx;
    if (c == NULL) { /* refused: nothing was written */
        u->running = false;
        return;
    }
    work_start(u->s->with.loop, run, done, u);
    call_reply(c, json_incref(response));
}

void upkeep_start(struct call *c, enum upkeep_work work, const char *text)
{
    struct upkeep *u = service_of(c)->upkeep;
    struct err err = {0};
    if (u->running || atomic_load(&u->walk.stop)) {
        err_set(&err, ERR_OVERLOADED, _("another long work is under way: %s"), work_names[u->work]);
        err_hint(&err, "%s", _("see how far it is by server.job, and ask again when it is over"));
        call_refuse(c, &err);
        return;
    }
    release(u);
    u->work = work;
    u->lang = call_lang(c);
    u->text = mem_strdup(text);
    u->now_ms = wallclock_now_ms(&(struct wallclock){0}); /* real: copies are of this world */
    u->job++;
    u->running = true;
    walk_begin(&u->walk, WALK_CHECK, 0);
    json_t *response = json_pack("{s:I}", "job", (json_int_t)u->job);
    if (work != UPKEEP_BACKUP || engine_read_only(u->s->with.engine)) {
        begin(c, response, u);
        json_decref(response);
        return;
    }
    struct record record = audit_record(c, "server.backup", text, NULL);
    service_record(c, &record, 1, response, begin, u);
}

json_t *upkeep_tell(const struct upkeep *u)
{
    if (u->job == 0) {
        return NULL;
    }
    json_t *out = json_pack("{s:I, s:s, s:b, s:s, s:I, s:I}", "job", (json_int_t)u->job, "work",
        work_names[u->work], "running", u->running ? 1 : 0, "phase",
        phase_names[atomic_load(&u->walk.phase)], "done", (json_int_t)atomic_load(&u->walk.done),
        "total", (json_int_t)atomic_load(&u->walk.total));
    if (u->running) {
        return out;
    }
    if (u->result != NULL) {
        json_object_set(out, "result", u->result);
    } else {
        json_object_set_new(out, "error",
            json_pack("{s:s, s:s, s:s}", "kind", err_info(u->err.code)->kind, "message",
                u->err.message, "hint", u->err.hint));
    }
    return out;
}

void upkeep_health(const struct upkeep *u, json_t *into)
{
    char at[INSTANT_TEXT];
    if (u->backup_ms != 0) {
        json_object_set_new(into, "backup",
            json_pack("{s:s, s:I}", "at", instant_format(u->backup_ms, at), "last_seq",
                (json_int_t)u->backup_seq));
    }
    if (u->backup_failed) {
        json_object_set_new(into, "status", json_string("warning"));
        json_object_set_new(into, "backup_failed", json_true());
    }
}

void upkeep_stop(struct upkeep *u)
{
    atomic_store(&u->walk.stop, true);
}

void upkeep_free(struct upkeep *u)
{
    if (u == NULL) {
        return;
    }
    if (u->running) {
        u->closed = true;
        upkeep_stop(u);
        return;
    }
    release(u);
    mem_free(u->database);
    mem_free(u->files);
    mem_free(u);
}
