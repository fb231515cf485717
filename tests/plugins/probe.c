/* tests/plugins/probe.c — uses every part of the host and writes down what came back, for the test
 * to read by dlsym("probe_seen"). The option `start` lists what to begin with in open(). */
#include "fengqiao/host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern FQ_EXPORT char probe_seen[4096];
char probe_seen[4096];

struct probe {
    const struct fq_host *host;
    int pipe[2];
    int worked;
};

static void see(const char *what)
{
    size_t used = strlen(probe_seen);
    snprintf(probe_seen + used, sizeof(probe_seen) - used, "%s ", what);
}

static void on_timer(void *ctx)
{
    (void)ctx;
    see("timer");
}

static void on_never(void *ctx)
{
    (void)ctx;
    see("never");
}

static void on_watch(int fd, int events, void *ctx)
{
    struct probe *p = ctx;
    char c;
    if ((events & FQ_READABLE) && read(fd, &c, 1) == 1) {
        see("watch");
        p->host->watch(p->host, fd, 0, NULL, NULL);
    }
}

static void on_run(void *ctx)
{
    struct probe *p = ctx;
    p->worked = 1;
}

static void on_done(void *ctx)
{
    struct probe *p = ctx;
    see(p->worked ? "work" : "work?");
}

static void on_rpc(struct fq_text result, struct fq_text error, void *ctx)
{
    (void)ctx;
    see(result.data != NULL ? "rpc" : error.data != NULL ? "rpc-error" : "rpc-nothing");
}

static int wants(struct probe *p, const char *what)
{
    struct fq_text start = p->host->option_text(p->host, "start");
    return start.data != NULL && strstr(start.data, what) != NULL;
}

static int probe_open(const struct fq_host *host, void **self_out, char *error, size_t error_size)
{
    struct probe *p = host->alloc(host, sizeof(*p));
    p->host = host;
    *self_out = p;
    if (pipe2(p->pipe, O_NONBLOCK | O_CLOEXEC) != 0) {
        snprintf(error, error_size, "pipe: %s", strerror(errno));
        host->free(host, p);
        return FQ_ERROR;
    }
    if (wants(p, "timer")) {
        host->timer_start(host, 0, on_timer, p);
        int64_t stopped = host->timer_start(host, 0, on_never, p);
        host->timer_stop(host, stopped);
        host->timer_stop(host, 123456);
        host->timer_start(host, 3600 * 1000, on_never, p);
    }
    if (wants(p, "watch") && write(p->pipe[1], "x", 1) == 1) {
        host->watch(host, p->pipe[0], FQ_READABLE, on_watch, p);
    }
    if (wants(p, "work")) {
        host->work(host, on_run, on_done, p);
    }
    if (wants(p, "call")) {
        struct fq_text params = {"{\"text\":\"hello\"}", 16};
        see(host->rpc_call(host, "echo", params, on_rpc, p) == FQ_OK ? "called" : "not-called");
        struct fq_text broken = {"{", 1};
        see(host->rpc_call(host, "echo", broken, on_rpc, p) == FQ_ERROR ? "broken" : "?");
    }
    char number[32];
    snprintf(number, sizeof(number), "span=%lld", (long long)host->option_number(host, "every"));
    see(number);
    return FQ_OK;
}

static void probe_close(void *self)
{
    struct probe *p = self;
    close(p->pipe[0]);
    close(p->pipe[1]);
    p->host->free(p->host, p);
    see("close");
}

static const struct fq_option options[] = {
    {.name = "start", .kind = FQ_OPTION_TEXT, .otherwise = ""},
    {.name = "every", .kind = FQ_OPTION_SPAN, .otherwise = "10m", .min = 1000, .max = 86400000},
    {.name = "deep.number", .kind = FQ_OPTION_NUMBER, .min = 1, .max = 9},
    {.name = "flag", .kind = FQ_OPTION_FLAG, .otherwise = "true"},
    {.name = "book", .kind = FQ_OPTION_MAP},
    {0},
};

#ifndef PROBE_NEEDS
#define PROBE_NEEDS "timer", "net", "work", "rpc"
#endif

const struct fq_plugin fq_plugin = {
    .abi = FQ_ABI,
    .size = sizeof(struct fq_plugin),
    .name = "probe",
    .version = "1",
    .needs = (const char *const[]){PROBE_NEEDS, NULL},
    .options = options,
    .option_size = sizeof(options[0]),
    .open = probe_open,
    .close = probe_close,
};
