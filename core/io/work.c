/* io/work.c — see work.h. */
#include "io/work.h"

#include "base/memory.h"
#include "io/loop_private.h"

#include <assert.h>

struct work {
    uv_work_t uv;
    work_fn run, done;
    void *ctx;
};

static void run_cb(uv_work_t *request)
{
    struct work *w = request->data;
    w->run(w->ctx);
}

static void done_cb(uv_work_t *request, int status)
{
    struct work *w = request->data;
    (void)status; /* never cancelled */
    work_fn done = w->done;
    void *ctx = w->ctx;
    mem_free(w);
    done(ctx);
}

void work_start(struct loop *l, work_fn run, work_fn done, void *ctx)
{
    struct work *w = mem_alloc(sizeof *w);
    w->uv.data = w;
    w->run = run;
    w->done = done;
    w->ctx = ctx;
    int failed = uv_queue_work(&l->uv, &w->uv, run_cb, done_cb);
    assert(failed == 0);
    (void)failed;
}
