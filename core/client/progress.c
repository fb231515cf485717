/* client/progress.c — see progress.h. */
#include "client/progress.h"

#include "base/lang.h"
#include "base/memory.h"
#include "base/wallclock.h"
#include "client/cells.h"
#include "client/page_links.h"

#include <string.h>
#include <unistd.h>

enum {
    QUIET_MS = 1000,
    BAR_EVERY_MS = 200,
    LINE_EVERY_MS = 10000,
    BAR_CELLS = 20,
    NAME_CELLS = 24
};

static int64_t now_ms(void)
{
    struct wallclock clock;
    wallclock_init_real(&clock);
    return wallclock_now_ms(&clock);
}

void progress_begin(struct progress *p, FILE *out, const char *name, size_t total)
{
    memset(p, 0, sizeof *p);
    p->out = out;
    p->name = name != NULL ? name : "";
    p->total = total;
    p->terminal = isatty(fileno(out)) != 0;
    p->begun_ms = p->said_ms = now_ms();
}

static void say(struct progress *p, size_t done, int64_t spent_ms)
{
    char bar[BAR_CELLS + 1];
    size_t filled = p->total > 0 ? done * BAR_CELLS / p->total : BAR_CELLS;
    memset(bar, '.', BAR_CELLS);
    memset(bar, '#', filled < BAR_CELLS ? filled : BAR_CELLS);
    bar[BAR_CELLS] = '\0';
    size_t moved = done - p->begun_at;
    long long rest_s =
        moved > 0 ? (long long)((double)(p->total - done) / (double)moved * (double)spent_ms / 1000)
                  : 0;
    char *name = cells_fit(p->name, NAME_CELLS);
    char *a = page_size((int64_t)done);
    char *b = page_size((int64_t)p->total);
    fputs(p->terminal ? "\r\x1b[K" : "", p->out);
    fprintf(p->out, _("%s [%s] %s of %s, about %lld s left"), name, bar, a, b, rest_s);
    fputs(p->terminal ? "" : "\n", p->out);
    fflush(p->out);
    mem_free(a);
    mem_free(b);
    mem_free(name);
    p->shown = true;
}

void progress_at(struct progress *p, size_t done)
{
    int64_t now = now_ms();
    if (!p->begun) {
        p->begun = true;
        p->begun_at = done;
    }
    int64_t every = p->terminal ? BAR_EVERY_MS : LINE_EVERY_MS;
    if (now - p->begun_ms >= QUIET_MS && now - p->said_ms >= every) {
        p->said_ms = now;
        say(p, done, now - p->begun_ms);
    }
}

void progress_end(struct progress *p)
{
    if (p->shown && p->terminal) {
        fputs("\r\x1b[K", p->out);
        fflush(p->out);
    }
}
