/* rpc/claim.c — see claim.h. The store names the cases that ever had the content, the newest first;
 * they are read one after the other, as the caller, until one fits. */
#include "rpc/claim.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "rpc/service.h"

enum { CASES_MAX = 20 }; /* read for one question: a paper may lie in many cases */

struct claim {
    struct call *call;
    claim_fn then;
    json_t *cases; /* owned: rows of ASK_HOLDERS */
    size_t at;
};

static void claim_end(struct claim *cl, bool holds)
{
    struct claim done = *cl;
    json_decref(cl->cases);
    mem_free(cl);
    call_enter(done.call);
    done.then(done.call, holds);
}

static bool has_now(const struct casefile *kase, const char *hash)
{
    for (size_t i = 0; i < json_array_size(kase->files); i++) {
        if (text_equal(json_text(json_array_get(kase->files, i), "hash"), hash)) {
            return true;
        }
    }
    return false;
}

static void read_next(struct claim *cl);

static void case_came(const struct casefile *kase, const struct err *err, void *ctx)
{
    struct claim *cl = ctx;
    (void)err; /* not theirs to read: the next one */
    if (kase != NULL && engine_shows_words(kase, call_actor(cl->call)) &&
        has_now(kase, call_text(cl->call, "hash"))) {
        claim_end(cl, true);
    } else {
        read_next(cl);
    }
}

static void read_next(struct claim *cl)
{
    if (cl->at >= json_array_size(cl->cases)) {
        claim_end(cl, false);
        return;
    }
    const json_t *row = json_array_get(cl->cases, cl->at++);
    char *id = mem_printf("c%lld", (long long)json_number(row, "case", 0));
    engine_read(
        service_of(cl->call)->with.engine, id, call_actor(cl->call), "case.read", case_came, cl);
    mem_free(id);
}

static void holders_came(json_t *rows, const struct err *err, void *ctx)
{
    struct claim *cl = ctx;
    if (rows == NULL) {
        call_enter(cl->call);
        call_fail(cl->call, err);
        mem_free(cl);
        return;
    }
    cl->cases = json_incref(rows);
    read_next(cl);
}

void claim_ask(struct call *c, claim_fn then)
{
    struct claim *cl = mem_alloc(sizeof *cl);
    *cl = (struct claim){.call = c, .then = then};
    store_ask(service_of(c)->with.store, ASK_HOLDERS,
        json_pack("{s:s, s:i}", "hash", call_text(c, "hash"), "limit", (int)CASES_MAX),
        holders_came, cl);
}
