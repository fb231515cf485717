/* tests/bench/load.c — people at work on a daemon, measured.
 *
 *   load prepare PORT SOCKET CASES FILE
 *       makes a population of open mediations, spread over all steps, and writes it to FILE
 *   load run PORT SOCKET PID FILE CLONES ID_STEP SECONDS WORK RATE DEPTH CONNECTIONS…
 *       WORK: life (the next step of the next case: open, accept, note, begin, note, agree, visit,
 *       close; a closed case is followed by a new one), note (400 bytes on the next case), inbox,
 *       show, search. RATE 0: as fast as answers come. DEPTH requests on their way on each
 *       connection. One JSON line for each number of connections; FILE is brought up to
 *       date, copies included.
 *
 * Every change is one durable act with a key of its own. */
#include "base/lang.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/wallclock.h"
#include "bench/lanes.h"
#include "bench/peer.h"
#include "io/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USER "yanglujing02"
#define PASSWORD "fengqiao-demo-2020"

enum { PREPARE_LANES = 64 };

struct bench {
    struct loop *loop;
    struct peer *admin; /* on the UNIX socket, for metrics */
    char *token;        /* owned */
    int port, pid;      /* pid 0: preparing */
};

/* A new password ends all logins, so only the preparation sets one. */
static void give_password(struct peer *peer)
{
    char key[UUID_TEXT];
    struct wallclock clock;
    wallclock_init_real(&clock);
    char *params = mem_printf("{\"user\":\"" USER "\",\"password\":\"" PASSWORD
                              "\",\"_meta\":{\"key\":\"%s\"}}",
        random_uuid7(wallclock_now_ms(&clock), key));
    json_decref(peer_ask(peer, "user.passwd", params));
    mem_free(params);
}

static void bench_open(struct bench *b, const char *port, const char *socket, const char *pid)
{
    *b = (struct bench){.loop = loop_open(), .port = atoi(port), .pid = atoi(pid)};
    struct peer *peer = peer_open_unix(b->loop, socket);
    if (b->pid == 0) {
        give_password(peer);
    }
    json_t *login =
        peer_ask(peer, "auth.login", "{\"user\":\"" USER "\",\"password\":\"" PASSWORD "\"}");
    b->token = mem_strdup(json_text(login, "token"));
    json_decref(login);
    peer_close(peer); /* the login bound it to the mediator */
    b->admin = peer_open_unix(b->loop, socket);
}

static void bench_close(struct bench *b)
{
    peer_close(b->admin);
    mem_free(b->token);
    loop_free(b->loop);
}

/* --- what the daemon spent -------------------------------------------------------------------- */

struct spent {
    int64_t commits, units, cpu_us;
};

/* Processor time of all its threads, as the kernel counts it. */
static int64_t cpu_us(int pid)
{
    long long user = 0, kernel = 0;
    char *path = mem_printf("/proc/%d/stat", pid);
    FILE *f = fopen(path, "r");
    if (f == NULL || fscanf(f, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld",
                         &user, &kernel) != 2) {
        perror(path);
        exit(1);
    }
    fclose(f);
    mem_free(path);
    return (user + kernel) * 1000000 / sysconf(_SC_CLK_TCK);
}

static struct spent spent(const struct bench *b)
{
    json_t *metrics = peer_ask(b->admin, "server.metrics", "{}");
    const json_t *store = json_member(metrics, "store");
    struct spent s = {.commits = json_number(store, "commits", 0),
        .units = json_number(store, "commit_units", 0),
        .cpu_us = cpu_us(b->pid)};
    json_decref(metrics);
    return s;
}

static double ratio(int64_t a, int64_t b)
{
    return b > 0 ? (double)a / (double)b : 0.0;
}

static void measure(struct bench *b, struct lanes_plan *plan, struct work *w)
{
    struct spent before = spent(b);
    struct lanes_result r = lanes_run(plan, w);
    struct spent after = spent(b);
    int64_t units = after.units - before.units;
    printf("{\"work\":\"%s\",\"connections\":%zu,\"depth\":%zu,\"rate\":%lld,\"count\":%zu,"
           "\"per_second\":%.1f,\"p50_us\":%lld,\"p99_us\":%lld,\"max_us\":%lld,\"batch\":%.2f,"
           "\"cpu_us\":%.1f}\n",
        work_name(w->kind), plan->connections, plan->depth, (long long)plan->rate, r.count,
        (double)r.count / (double)plan->seconds, (long long)lanes_share_us(&r, 0.5),
        (long long)lanes_share_us(&r, 0.99), (long long)lanes_share_us(&r, 1.0),
        ratio(units, after.commits - before.commits),
        ratio(after.cpu_us - before.cpu_us, units > 0 ? units : (int64_t)r.count));
    fflush(stdout);
    lanes_close(&r);
}

/* --- the two uses ----------------------------------------------------------------------------- */

static int prepare(char **args)
{
    struct bench b;
    struct work w;
    bench_open(&b, args[0], args[1], "0");
    work_prepare(&w, (size_t)atol(args[2]));
    struct lanes_plan plan = {
        .loop = b.loop, .port = b.port, .token = b.token, .connections = PREPARE_LANES, .depth = 1};
    struct lanes_result r = lanes_run(&plan, &w);
    lanes_close(&r);
    bool done = work_prepared(&w);
    if (done) {
        work_write(&w, args[3]);
    } else {
        fprintf(stderr, "load: the cases could not be made in time\n");
    }
    work_close(&w);
    bench_close(&b);
    return done ? 0 : 1;
}

static int run(char **args, int count)
{
    struct bench b;
    struct work w = {0};
    if (!work_kind_parse(args[7], &w.kind)) {
        fprintf(stderr, "load: no such work: %s\n", args[7]);
        return 64;
    }
    bench_open(&b, args[0], args[1], args[2]);
    work_read(&w, args[3], (size_t)atol(args[4]), atoll(args[5]));
    struct lanes_plan plan = {.loop = b.loop,
        .port = b.port,
        .token = b.token,
        .depth = (size_t)atol(args[9]),
        .seconds = atoll(args[6]),
        .rate = atoll(args[8])};
    for (int i = 10; i < count; i++) {
        plan.connections = (size_t)atol(args[i]);
        measure(&b, &plan, &w);
    }
    if (w.kind == WORK_LIFE || atol(args[4]) > 0) {
        work_write(&w, args[3]); /* copies included: the next run has none to add */
    }
    work_close(&w);
    bench_close(&b);
    return 0;
}

int main(int argc, char **argv)
{
    lang_init();
    if (argc == 6 && strcmp(argv[1], "prepare") == 0) {
        return prepare(argv + 2);
    }
    if (argc >= 13 && strcmp(argv[1], "run") == 0) {
        return run(argv + 2, argc - 2);
    }
    fprintf(stderr, "usage: see load.c\n");
    return 64;
}
