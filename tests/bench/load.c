/* tests/bench/load.c — people at work, as fast as the daemon lets them: every connection has one
 * request on its way, every request is one durable act with a key of its own.
 *
 * usage: load PORT SOCKET PID SECONDS CASES CONNECTIONS…
 *
 * A population of open mediation cases is made first, spread over all steps of a mediation. Then,
 * for each number of connections, two kinds of work are measured: "life" (the next step of the next
 * case, whatever it is: open, accept, notes, begin, agree, visit, close; a closed case is followed
 * by a new one) and "note" (a note on the next case). One JSON line for each. */
#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/wallclock.h"
#include "bench/peer.h"
#include "io/loop.h"
#include "wire/envelope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USER "yanglujing02"
#define PASSWORD "fengqiao-demo-2020"
#define PLACE "150303104201"

/* About 400 bytes each, as long as what mediators write. */
#define NOTE_TEXT                                                                                                                                \
    "上午到双方家中走访，分别听取意见。申请方提出滴水檐越过界墙，雨季渗水损坏其储藏间；对方承认檐" \
    "口"                                                                                                                                        \
    "伸出，但认为砌墙在先。现场丈量檐口伸出二十厘米，墙面有渗水痕迹，已拍照存档。向双方说明相邻关" \
    "系"                                                                                                                                        \
    "的规定，双方愿意继续商谈，约定三日后在村委会会面，届时请懂施工的村民到场估算修缮费用。"
#define MATTER_TEXT                                                                                                                              \
    "申请人反映邻居翻建院墙时檐口伸出界外，雨水滴入申请人院内，储藏间墙体受潮起皮，多次协商未果，" \
    "请求调解委员会主持调解，要求对方改造滴水檐并承担修缮费用。"

struct step {
    const char *name, *method;
    const char *members; /* of params, beside case and _meta */
};

static const struct step life[] = {
    {"open", "case.open",
        "\"flow\":\"people_mediation\",\"place\":\"" PLACE "\",\"source\":\"来访\",\"fields\":{"
        "\"subject\":\"院墙滴水纠纷\",\"text\":\"" MATTER_TEXT "\",\"kind\":\"邻里\"},\"parties\":["
        "{\"name\":\"演示申请人01\",\"role\":\"申请人\"},"
        "{\"name\":\"演示被申请人01\",\"role\":\"被申请人\"}]"},
    {"accept", "case.act",
        "\"action\":\"accept\",\"form\":{\"consent_applicant\":true,\"consent_respondent\":true}"},
    {"note", "case.note", "\"text\":\"" NOTE_TEXT "\""},
    {"begin", "case.act", "\"action\":\"begin\""},
    {"note", "case.note", "\"text\":\"" NOTE_TEXT "\""},
    {"agree", "case.act",
        "\"action\":\"agree\",\"form\":{\"form\":\"口头\",\"oral_wish\":true,\"instant\":true,"
        "\"terms\":\"对方十日内改造滴水檐，"
        "修缮费用由双方各承担一半，今后互不追究。\"}"},
    {"visit", "case.act",
        "\"action\":\"follow_up\",\"form\":{\"performed\":\"已履行\",\"finding\":\"檐口已改造，"
        "雨后未再滴水，双方满意。\"}"},
    {"close", "case.act", "\"action\":\"close\""},
};

enum {
    LIFE = sizeof(life) / sizeof(life[0]),
    NOTE_STEP = 2,
    PREPARE_LANES = 64,
    ID_TEXT = 24,
};

static const int64_t WARM_US = 500 * 1000; /* of each measurement, not counted */

struct item { /* one place of the population */
    char id[ID_TEXT];
    size_t step;  /* the next one */
    size_t until; /* while preparing: the step to stop before */
    bool busy;
};

struct bench {
    struct loop *loop;
    int port, pid;
    char *token; /* owned */
    struct item *items;
    size_t item_count, next;
    bool notes;     /* only notes */
    bool preparing; /* each case up to its `until`, then over */
    int64_t from_us, to_us;
    size_t out; /* requests on their way */
    struct {
        uint32_t *us; /* owned */
        size_t count, cap;
    } took;
    struct buf params;
};

struct lane {
    struct bench *bench;
    struct peer *peer;
    struct item *item;
};

/* --- one act ---------------------------------------------------------------------------------- */

static bool has_work(const struct bench *b, const struct item *it)
{
    return !it->busy && (!b->preparing || it->step < it->until) && (!b->notes || it->step > 0);
}

static struct item *next_item(struct bench *b)
{
    for (size_t tries = 0; tries < b->item_count; tries++) {
        struct item *it = &b->items[b->next];
        b->next = (b->next + 1) % b->item_count;
        if (has_work(b, it)) {
            return it;
        }
    }
    return NULL;
}

static void count(struct bench *b, int64_t took_us)
{
    if (b->took.count == b->took.cap) {
        b->took.cap = b->took.cap == 0 ? 1 << 16 : 2 * b->took.cap;
        b->took.us = mem_resize(b->took.us, b->took.cap * sizeof *b->took.us);
    }
    b->took.us[b->took.count++] = (uint32_t)took_us;
}

static void refused(const struct step *s, const struct reply *r)
{
    fprintf(stderr, "load: %s refused: %.*s\n", s->name, (int)r->len, r->line);
    exit(1);
}

static void keep_id(struct item *it, const struct reply *r)
{
    struct response response;
    struct err err = {0};
    const char *id = NULL;
    if (response_read(&response, r->line, r->len, &err)) {
        id = json_text(response.result, "id");
    }
    if (id == NULL) {
        refused(&life[0], r);
    }
    snprintf(it->id, sizeof it->id, "%s", id);
    response_close(&response);
}

static void go_on(struct lane *lane);

static void acted(struct peer *p, const struct reply *r, void *ctx)
{
    struct lane *lane = ctx;
    struct bench *b = lane->bench;
    struct item *it = lane->item;
    const struct step *s = &life[b->notes ? (size_t)NOTE_STEP : it->step];
    int64_t now_us = monotonic_us();
    (void)p;
    if (!r->ok) {
        refused(s, r);
    }
    if (now_us >= b->from_us && now_us < b->to_us) {
        count(b, r->took_us);
    }
    if (s == &life[0]) {
        keep_id(it, r);
    }
    if (!b->notes) {
        it->step = b->preparing ? it->step + 1 : (it->step + 1) % LIFE;
    }
    it->busy = false;
    b->out--;
    go_on(lane);
}

static void go_on(struct lane *lane)
{
    struct bench *b = lane->bench;
    struct item *it = monotonic_us() < b->to_us ? next_item(b) : NULL;
    char key[UUID_TEXT];
    if (it == NULL) {
        return;
    }
    const struct step *s = &life[b->notes ? (size_t)NOTE_STEP : it->step];
    struct wallclock clock;
    wallclock_init_real(&clock);
    buf_clear(&b->params);
    buf_adds(&b->params, "{");
    if (s != &life[0]) {
        buf_addf(&b->params, "\"case\":\"%s\",", it->id);
    }
    buf_adds(&b->params, s->members);
    buf_addf(&b->params, ",\"_meta\":{\"key\":\"%s\",\"token\":\"%s\"}}",
        random_uuid7(wallclock_now_ms(&clock), key), b->token);
    it->busy = true;
    lane->item = it;
    b->out++;
    peer_send(lane->peer, s->method, buf_text(&b->params), acted, lane);
}

/* --- many lanes ------------------------------------------------------------------------------- */

/* Until the time is over (or, preparing, the work) and every answer has come. */
static void run_lanes(struct bench *b, size_t connections, int64_t seconds)
{
    struct lane *lanes = mem_array(connections, sizeof *lanes);
    for (size_t i = 0; i < connections; i++) {
        lanes[i] = (struct lane){.bench = b, .peer = peer_open_tcp(b->loop, b->port)};
    }
    b->took.count = 0;
    b->from_us = monotonic_us() + (b->preparing ? 0 : WARM_US);
    b->to_us = b->from_us + seconds * 1000000;
    for (size_t i = 0; i < connections; i++) {
        go_on(&lanes[i]);
    }
    while (b->out > 0) {
        loop_turn(b->loop, true);
    }
    for (size_t i = 0; i < connections; i++) {
        peer_close(lanes[i].peer);
    }
    mem_free(lanes);
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static int64_t share_us(const struct bench *b, double share)
{
    return b->took.count == 0 ? 0 : b->took.us[(size_t)((double)(b->took.count - 1) * share)];
}

struct spent { /* by the daemon so far */
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

static struct spent spent(const struct bench *b, struct peer *admin)
{
    json_t *metrics = peer_ask(admin, "server.metrics", "{}");
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

static void measure(
    struct bench *b, struct peer *admin, bool notes, size_t connections, int64_t seconds)
{
    b->notes = notes;
    struct spent before = spent(b, admin);
    run_lanes(b, connections, seconds);
    struct spent after = spent(b, admin);
    int64_t units = after.units - before.units;
    qsort(b->took.us, b->took.count, sizeof *b->took.us, by_size);
    printf("{\"work\":\"%s\",\"connections\":%zu,\"acts\":%zu,\"per_second\":%.1f,"
           "\"p50_us\":%lld,\"p99_us\":%lld,\"max_us\":%lld,\"batch\":%.2f,\"cpu_us\":%.1f}\n",
        notes ? "note" : "life", connections, b->took.count,
        (double)b->took.count / (double)seconds, (long long)share_us(b, 0.5),
        (long long)share_us(b, 0.99), (long long)share_us(b, 1.0),
        ratio(units, after.commits - before.commits), ratio(after.cpu_us - before.cpu_us, units));
    fflush(stdout);
}

/* --- before ----------------------------------------------------------------------------------- */

static void log_in(struct bench *b, struct peer *admin)
{
    char key[UUID_TEXT];
    struct wallclock clock;
    wallclock_init_real(&clock);
    char *params = mem_printf("{\"user\":\"" USER "\",\"password\":\"" PASSWORD
                              "\",\"_meta\":{\"key\":\"%s\"}}",
        random_uuid7(wallclock_now_ms(&clock), key));
    json_decref(peer_ask(admin, "user.passwd", params));
    mem_free(params);
    json_t *login =
        peer_ask(admin, "auth.login", "{\"user\":\"" USER "\",\"password\":\"" PASSWORD "\"}");
    b->token = mem_strdup(json_text(login, "token"));
    json_decref(login);
}

static void prepare(struct bench *b, size_t cases)
{
    enum { PREPARE_SECONDS_MAX = 60 };
    b->items = mem_array(cases, sizeof *b->items);
    b->item_count = cases;
    for (size_t i = 0; i < cases; i++) {
        b->items[i].until = 1 + i % (LIFE - 1); /* opened at least, none closed */
    }
    b->preparing = true;
    run_lanes(b, PREPARE_LANES, PREPARE_SECONDS_MAX);
    b->preparing = false;
    for (size_t i = 0; i < cases; i++) {
        if (b->items[i].step < b->items[i].until) {
            fprintf(stderr, "load: the cases could not be made within %d s\n", PREPARE_SECONDS_MAX);
            exit(1);
        }
    }
}

static void bench_close(struct bench *b)
{
    buf_close(&b->params);
    mem_free(b->took.us);
    mem_free(b->items);
    mem_free(b->token);
    loop_free(b->loop);
}

int main(int argc, char **argv)
{
    if (argc < 7 || atoi(argv[4]) < 1 || atoi(argv[5]) < 1) {
        fprintf(stderr, "usage: load PORT SOCKET PID SECONDS CASES CONNECTIONS...\n");
        return 64;
    }
    lang_init();
    struct bench b = {.loop = loop_open(), .port = atoi(argv[1]), .pid = atoi(argv[3])};
    struct peer *admin = peer_open_unix(b.loop, argv[2]);
    int64_t seconds = atoi(argv[4]);
    log_in(&b, admin);
    peer_close(admin); /* the login bound it to the mediator */
    admin = peer_open_unix(b.loop, argv[2]);
    prepare(&b, (size_t)atoi(argv[5]));
    for (int notes = 0; notes < 2; notes++) {
        for (int i = 6; i < argc; i++) {
            measure(&b, admin, notes != 0, (size_t)atoi(argv[i]), seconds);
        }
    }
    peer_close(admin);
    bench_close(&b);
    return 0;
}
