/* rpc/service.c — see service.h. */
#include "rpc/service.h"

#include "base/json.h"
#include "base/memory.h"
#include "rpc/auth.h"
#include "rpc/clock_move.h"
#include "rpc/proposals.h"
#include "rpc/session.h"
#include "rpc/subscriptions.h"
#include "rpc/sweep.h"
#include "rpc/upkeep.h"
#include "store/files.h"

#include <string.h>

enum { PAGE_ROWS = 50, FILE_BYTES = 64 * 1024 * 1024 };
#define FILE_KEEP_MS (7 * MS_PER_DAY)

struct service *service_open(const struct service_options *options, struct err *err)
{
    struct service *s = mem_alloc(sizeof(*s));
    s->with = *options;
    s->started_ms = monotonic_us() / 1000;
    s->auth = auth_open(&(struct auth_options){
        .loop = options->loop,
        .store = options->store,
        .idle_ms = options->token_idle_ms,
        .life_ms = options->token_life_ms,
        .checks_max = options->password_checks,
    });
    s->proposals = proposals_open();
    s->upkeep = upkeep_open(s);
    s->files = files_open(options->files != NULL ? options->files : "files",
        options->file_bytes > 0 ? options->file_bytes : FILE_BYTES);
    s->sweep = sweep_open(options->loop, options->store, s->files,
        options->file_keep_ms > 0 ? options->file_keep_ms : FILE_KEEP_MS);
    s->subscriptions = subscriptions_open(s, err);
    bool ok = s->subscriptions != NULL;
    for (size_t i = 0; ok && i < METHOD_TABLES; i++) {
        ok = methods_add(options->methods, method_tables[i]->rows, method_tables[i]->count, s, err);
    }
    if (!ok) {
        service_free(s);
        return NULL;
    }
    return s;
}

void service_attach(struct service *s, struct dispatch *dispatch, struct sessions *sessions)
{
    s->dispatch = dispatch;
    s->sessions = sessions;
}

void service_turn(struct service *s)
{
    clock_move_turn(s);
}

void service_stop(struct service *s)
{
    subscriptions_stop(s->subscriptions);
    auth_stop(s->auth);
    clock_move_stop(s);
    upkeep_stop(s->upkeep);
}

void service_free(struct service *s)
{
    if (s == NULL) {
        return;
    }
    for (size_t i = 0; i < METHOD_TABLES; i++) {
        methods_remove(s->with.methods, method_tables[i]->rows, method_tables[i]->count);
    }
    sweep_free(s->sweep);
    upkeep_free(s->upkeep);
    clock_move_free(s->clock_move);
    subscriptions_free(s->subscriptions);
    proposals_free(s->proposals);
    auth_free(s->auth);
    mem_free(s->discovery[0].text);
    mem_free(s->discovery[1].text);
    mem_free(s);
}

void service_effects_changed(struct service *s)
{
    if (s->with.effects_changed != NULL) {
        s->with.effects_changed(s->with.ctx);
    }
}

/* --- for the methods -------------------------------------------------------------------------- */

struct service *service_of(const struct call *c)
{
    return call_ctx(c);
}

int64_t service_now_ms(const struct service *s)
{
    return wallclock_now_ms(s->with.clock);
}

struct date service_today(const struct service *s)
{
    return date_of_instant(service_now_ms(s));
}

bool service_may(struct call *c, const char *right)
{
    struct service *s = service_of(c);
    struct err err = {0};
    if (access_at(engine_access(s->with.engine), engine_org(s->with.engine), call_actor(c), right,
            NULL, NULL, service_today(s), &err)) {
        return true;
    }
    call_refuse(c, &err);
    return false;
}

json_t *service_scope(const struct call *c, const char *right)
{
    struct service *s = service_of(c);
    return access_filter(engine_access(s->with.engine), engine_org(s->with.engine), call_actor(c),
        right, service_today(s));
}

json_t *service_event_scope(const struct service *s, const struct actor *actor)
{
    static const char *const lists[] = {"bodies", "paths"};
    struct engine *e = s->with.engine;
    json_t *scope =
        access_filter(engine_access(e), engine_org(e), actor, "events.read", service_today(s));
    json_t *cases =
        access_filter(engine_access(e), engine_org(e), actor, "case.read", service_today(s));
    if (json_flag(cases, "all")) {
        json_object_set_new(scope, "all", json_true());
    }
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        json_array_extend(json_object_get(scope, lists[i]), json_object_get(cases, lists[i]));
    }
    json_decref(cases);
    return scope;
}

struct question {
    struct call *call;
    answered_fn then;
};

static void answered(json_t *answer, const struct err *err, void *ctx)
{
    struct question q = *(struct question *)ctx;
    mem_free(ctx);
    call_enter(q.call);
    if (answer == NULL) {
        call_fail(q.call, err);
    } else {
        q.then(q.call, answer);
    }
}

void service_ask(struct call *c, enum store_question q, json_t *args, answered_fn then)
{
    struct question *ctx = mem_alloc(sizeof(*ctx));
    *ctx = (struct question){c, then};
    store_ask(service_of(c)->with.store, q, args, answered, ctx);
}

json_t *service_items(json_t *rows)
{
    return json_pack("{s:o}", "items", rows);
}

int64_t service_limit(const struct call *c)
{
    return call_int(c, "limit", PAGE_ROWS);
}

json_t *service_pick(const struct call *c, const char *names)
{
    json_t *picked = json_object();
    char *list = mem_strdup(names), *save = NULL;
    for (char *name = strtok_r(list, " ", &save); name != NULL; name = strtok_r(NULL, " ", &save)) {
        json_t *value = call_param(c, name);
        if (value != NULL && !json_is_null(value)) {
            json_object_set(picked, name, value);
        }
    }
    mem_free(list);
    return picked;
}

/* --- the tables ------------------------------------------------------------------------------- */

const struct method_table *const method_tables[METHOD_TABLES] = {
    &server_table,
    &upkeep_table,
    &auth_table,
    &case_table,
    &document_table,
    &task_table,
    &inbox_table,
    &flow_table,
    &calendar_table,
    &term_table,
    &org_table,
    &user_table,
    &report_table,
    &effects_table,
    &events_table,
    &acts_table,
    &file_table,
    &links_table,
    &party_table,
};
