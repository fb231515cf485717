/* bench/work.c — see work.h. */
#include "bench/work.h"

#include "base/memory.h"
#include "base/text.h"
#include "wire/envelope.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACE "150303104201"

/* About 400 bytes each, as long as what mediators write. */
#define NOTE_TEXT                                                                                                                          \
    "上午到双方家中走访，分别听取意见。申请方提出滴水檐越过界墙，雨季渗水损坏其储藏间；"          \
    "对方承认檐口伸出，但认为砌墙在先。现场丈量檐口伸出二十厘米，墙面有渗水痕迹，已拍照存档。" \
    "向双方说明相邻关系的规定，双方愿意继续商谈，约定三日后在村委会会面，"                               \
    "届时请懂施工的村民到场估算修缮费用。"
#define MATTER_TEXT                                                                                                                              \
    "申请人反映邻居翻建院墙时檐口伸出界外，雨水滴入申请人院内，储藏间墙体受潮起皮，多次协商未果，" \
    "请求调解委员会主持调解，要求对方改造滴水檐并承担修缮费用。"

struct step {
    const char *method, *members; /* of params, beside case and _meta */
};

static const struct step life[] = {
    {"case.open",
        "\"flow\":\"people_mediation\",\"place\":\"" PLACE "\",\"source\":\"来访\",\"fields\":{"
        "\"subject\":\"院墙滴水纠纷\",\"text\":\"" MATTER_TEXT "\",\"kind\":\"邻里\"},\"parties\":["
        "{\"name\":\"演示申请人01\",\"role\":\"申请人\"},"
        "{\"name\":\"演示被申请人01\",\"role\":\"被申请人\"}]"},
    {"case.act",
        "\"action\":\"accept\",\"form\":{\"consent_applicant\":true,\"consent_respondent\":true}"},
    {"case.note", "\"text\":\"" NOTE_TEXT "\""},
    {"case.act", "\"action\":\"begin\""},
    {"case.note", "\"text\":\"" NOTE_TEXT "\""},
    {"case.act",
        "\"action\":\"agree\",\"form\":{\"form\":\"口头\",\"oral_wish\":true,\"instant\":true,"
        "\"terms\":\"对方十日内改造滴水檐，"
        "修缮费用由双方各承担一半，今后互不追究。\"}"},
    {"case.act", "\"action\":\"follow_up\",\"form\":{\"performed\":\"已履行\","
                 "\"finding\":\"檐口已改造，雨后未再滴水，双方满意。\"}"},
    {"case.act", "\"action\":\"close\""},
};

enum { LIFE = sizeof life / sizeof life[0] };

static const struct {
    const char *name;
    struct step step; /* of WORK_LIFE: the case's own */
    bool of_case;
} kinds[WORK_KINDS] = {
    [WORK_LIFE] = {"life", {NULL, NULL}, true},
    [WORK_NOTE] = {"note", {"case.note", "\"text\":\"" NOTE_TEXT "\""}, true},
    [WORK_INBOX] = {"inbox", {"inbox.list", "\"limit\":20"}, false},
    [WORK_SHOW] = {"show", {"case.get", ""}, true},
    [WORK_SEARCH] = {"search", {"case.search", "\"text\":\"院墙滴水\",\"limit\":20"}, false},
};

struct item {
    int64_t id;
    uint8_t step;  /* the next one */
    uint8_t until; /* while preparing: the step to stop before */
    bool busy;
};

const char *work_name(enum work_kind kind)
{
    return kinds[kind].name;
}

bool work_kind_parse(const char *name, enum work_kind *kind_out)
{
    for (int k = 0; k < WORK_KINDS; k++) {
        if (text_equal(name, kinds[k].name)) {
            *kind_out = (enum work_kind)k;
            return true;
        }
    }
    return false;
}

bool work_changes(enum work_kind kind)
{
    return kind == WORK_LIFE || kind == WORK_NOTE;
}

/* --- the population --------------------------------------------------------------------------- */

void work_prepare(struct work *w, size_t cases)
{
    *w = (struct work){.kind = WORK_LIFE, .preparing = true, .item_count = cases};
    w->items = mem_array(cases, sizeof *w->items);
    for (size_t i = 0; i < cases; i++) {
        w->items[i].until = (uint8_t)(1 + i % (LIFE - 1)); /* opened at least, none closed */
    }
}

bool work_prepared(const struct work *w)
{
    for (size_t i = 0; i < w->item_count; i++) {
        if (w->items[i].step < w->items[i].until) {
            return false;
        }
    }
    return true;
}

static FILE *file(const char *path, const char *mode)
{
    FILE *f = fopen(path, mode);
    if (f == NULL) {
        perror(path);
        exit(1);
    }
    return f;
}

void work_write(const struct work *w, const char *path)
{
    FILE *f = file(path, "w");
    for (size_t i = 0; i < w->item_count; i++) {
        fprintf(f, "%" PRId64 " %d\n", w->items[i].id, w->items[i].step);
    }
    fclose(f);
}

/* Copies lie between their originals, so that neighbours in time are not neighbours in the file. */
void work_read(struct work *w, const char *path, size_t clones, int64_t id_step)
{
    FILE *f = file(path, "r");
    int64_t id;
    int step;
    while (fscanf(f, "%" SCNd64 " %d", &id, &step) == 2) {
        w->items = mem_resize(w->items, (w->item_count + clones + 1) * sizeof *w->items);
        for (size_t k = 0; k <= clones; k++) {
            w->items[w->item_count++] =
                (struct item){.id = id + (int64_t)k * id_step, .step = (uint8_t)step};
        }
    }
    fclose(f);
    if (w->item_count == 0) {
        fprintf(stderr, "load: %s: no cases\n", path);
        exit(1);
    }
}

void work_close(struct work *w)
{
    mem_free(w->items);
    *w = (struct work){0};
}

/* --- requests --------------------------------------------------------------------------------- */

static bool has_work(const struct work *w, const struct item *it)
{
    return !it->busy && (!w->preparing || it->step < it->until) &&
           (w->kind == WORK_LIFE || it->step > 0);
}

static struct item *next_item(struct work *w)
{
    for (size_t tries = 0; tries < w->item_count; tries++) {
        struct item *it = &w->items[w->next];
        w->next = (w->next + 1) % w->item_count;
        if (has_work(w, it)) {
            return it;
        }
    }
    return NULL;
}

const char *work_next(struct work *w, struct buf *params, struct item **item_out)
{
    const struct step *s = &kinds[w->kind].step;
    struct item *it = kinds[w->kind].of_case ? next_item(w) : NULL;
    *item_out = it;
    if (kinds[w->kind].of_case && it == NULL) {
        return NULL;
    }
    s = w->kind == WORK_LIFE ? &life[it->step] : s;
    buf_addc(params, '{');
    if (it != NULL && s != &life[0]) {
        buf_addf(params, "\"case\":\"c%" PRId64 "\"%s", it->id, s->members[0] != '\0' ? "," : "");
    }
    buf_adds(params, s->members);
    if (it != NULL) {
        it->busy = work_changes(w->kind); /* any number may look */
    }
    return s->method;
}

static void keep_id(struct item *it, const char *line, size_t len)
{
    struct response response;
    struct err err = {0};
    const char *id =
        response_read(&response, line, len, &err) ? json_text(response.result, "id") : NULL;
    if (id == NULL || id[0] != 'c') {
        fprintf(stderr, "load: no id in: %.*s\n", (int)len, line);
        exit(1);
    }
    it->id = atoll(id + 1);
    response_close(&response);
}

void work_done(struct work *w, struct item *it, const char *line, size_t len)
{
    if (w->kind == WORK_LIFE) {
        if (it->step == 0) {
            keep_id(it, line, len);
        }
        it->step = (uint8_t)(w->preparing ? it->step + 1 : (it->step + 1) % LIFE);
    }
    if (it != NULL) {
        it->busy = false;
    }
}
