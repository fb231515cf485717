/* rpc/case_call.c — see case_call.h. */
#include "rpc/case_call.h"

#include "base/json.h"
#include "base/memory.h"
#include "rpc/service.h"

static void decided(const struct command_result *r, void *ctx)
{
    struct call *c = ctx;
    call_enter(c);
    if (r->err != NULL) {
        call_fail(c, r->err);
    } else if (r->stored != NULL) {
        call_reply_raw(c, r->stored, true);
    } else if (r->text != NULL) {
        call_reply_raw(c, r->text, false);
    } else {
        call_reply(c, json_incref((json_t *)r->result));
    }
}

struct command case_command(const struct call *c, enum command_kind kind, const json_t *args)
{
    return (struct command){
        .kind = kind,
        .number = kind == COMMAND_OPEN ? NULL : call_text(c, "case"),
        .actor = *call_actor(c),
        .args = args,
        .expect_version = json_number(call_params(c), "expect_version", 0), /* case.act only */
        .key = call_key(c),
        .method = call_method(c)->name,
        .params_hash = call_params_hash(c),
        .dry_run = json_flag(call_params(c), "dry_run"),
    };
}

void case_submit(struct call *c, enum command_kind kind, json_t *args)
{
    struct command command = case_command(c, kind, args);
    engine_submit(service_of(c)->with.engine, &command, decided, c);
    json_decref(args);
}

struct reading {
    struct call *call;
    case_read_fn fn;
};

static void case_loaded(const struct casefile *kase, const struct err *err, void *ctx)
{
    struct reading r = *(struct reading *)ctx;
    mem_free(ctx);
    call_enter(r.call);
    if (kase == NULL) {
        call_fail(r.call, err);
    } else {
        r.fn(r.call, kase);
    }
}

void case_read(struct call *c, case_read_fn fn)
{
    struct reading *r = mem_alloc(sizeof(*r));
    *r = (struct reading){c, fn};
    engine_read(service_of(c)->with.engine, call_text(c, "case"), call_actor(c), "case.read",
        case_loaded, r);
}
