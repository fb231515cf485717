/* tests/bench/store_rows.c — what the rows of the store cost alone: the writer's own statements in
 * one process, no threads, no sockets, no scripts. The daemon is measured against this.
 *
 * usage: store_rows FILE BATCH UNITS      prints units per second, each batch one durable commit */
#include "base/memory.h"
#include "base/wallclock.h"
#include "store/sqlite/backend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* What load's mediations leave in the daemon's file, on average. */
    EVENTS_PER_CASE = 8,
    DATA_BYTES = 790,
    SNAPSHOT_BYTES = 2500, /* with eight clocks, most of them over */
    FIELDS_BYTES = 420,
    RESPONSE_BYTES = 850,
    EFFECT_BYTES = 155, /* every second event asks for one */
};

/* What makes an opening or a note findable. */
#define FOUND_TEXT                                                                                                                               \
    "申请人反映邻居翻建院墙时檐口伸出界外，雨水滴入申请人院内，储藏间墙体受潮起皮，多次协商未果，" \
    "请求调解委员会主持调解，要求对方改造滴水檐并承担修缮费用。"

static char *filled(size_t bytes, const char *head)
{
    char *text = mem_alloc(bytes + strlen(head) + 3);
    size_t len = strlen(head);
    memcpy(text, head, len);
    memset(text + len, 'x', bytes > len ? bytes - len : 0);
    strcat(text, "\"}");
    return text;
}

/* Events of EVENTS_PER_CASE generations of cases, so that acts fall on cases spread over the file.
 */
static struct store_unit *unit_at(long i, long cases)
{
    struct store_unit *u = store_unit_new();
    struct store_case_unit *k = u->kase = mem_alloc(sizeof *k);
    k->case_id = 1 + i % cases;
    k->version = 1 + i / cases;
    k->at_ms = 1700000000000 + i;
    k->type = mem_strdup(k->version == 1 ? "opened" : "advanced");
    k->actor = mem_strdup("mediator01");
    k->data = filled(DATA_BYTES, "{\"action\":\"advance\",\"note\":\"");
    k->hash = digest_of(k->data, strlen(k->data));
    k->snapshot = filled(SNAPSHOT_BYTES, "{\"state\":\"open\",\"text\":\"");
    k->fields = k->version == 1 ? filled(FIELDS_BYTES, "{\"subject\":\"") : NULL;
    if (k->version % 2 != 0) {
        k->search = mem_strdup(FOUND_TEXT);
    } else {
        char *words = filled(EFFECT_BYTES, "");
        k->effects = json_pack("[{s:s, s:{s:s}}]", "kind", "document", "data", "template", words);
        mem_free(words);
    }
    k->number = mem_printf("羊调26-%04lld", (long long)k->case_id);
    k->flow = mem_strdup("people_mediation");
    k->state = mem_strdup("mediating");
    k->host = mem_strdup("yanglujing.tw");
    k->origin = mem_strdup("yanglujing.tw");
    k->place_path = mem_strdup("/150300/150303/150303104/");
    k->title = mem_strdup("邻里纠纷");
    k->opened_ms = k->received_ms = 1700000000000 + k->case_id;
    k->due_ms = k->wake_ms = 1800000000000 + k->case_id * 1000 + k->version / 3;
    u->key = mem_printf("%08lx-%ld", (unsigned long)(i * 2654435761UL) & 0xFFFFFFFF, i);
    u->user = mem_strdup("mediator01");
    u->method = mem_strdup("case.act");
    u->params_hash = k->hash;
    u->response = filled(RESPONSE_BYTES, "{\"changed\":\"");
    u->key_at_ms = k->at_ms;
    return u;
}

static int64_t write_batch(struct db *db, struct store_unit *units[], size_t count)
{
    struct written *out = mem_array(count, sizeof *out);
    struct err err = {0};
    int64_t start = monotonic_us();
    if (!db_write(db, units, count, out, &err)) {
        fprintf(stderr, "store_rows: %s\n", err.message);
        exit(1);
    }
    db_tend(db, false);
    int64_t took = monotonic_us() - start;
    for (size_t i = 0; i < count; i++) {
        if (out[i].status != STORE_DURABLE) {
            fprintf(stderr, "store_rows: unit not written (%d)\n", (int)out[i].status);
            exit(1);
        }
        store_unit_free(units[i]);
    }
    mem_free(out);
    return took;
}

int main(int argc, char **argv)
{
    if (argc != 4 || atol(argv[2]) < 1 || atol(argv[3]) < 1) {
        fprintf(stderr, "usage: store_rows FILE BATCH UNITS\n");
        return 64;
    }
    size_t batch = (size_t)atol(argv[2]);
    long units = atol(argv[3]), cases = (units + EVENTS_PER_CASE - 1) / EVENTS_PER_CASE;
    struct err err = {0};
    struct db *db = db_open_writer(argv[1], &err);
    if (db == NULL) {
        fprintf(stderr, "store_rows: %s\n", err.message);
        return 1;
    }
    struct store_unit **group = mem_array(batch, sizeof *group);
    int64_t took_us = 0;
    for (long done = 0; done < units;) {
        size_t n = 0;
        while (n < batch && done < units) {
            group[n++] = unit_at(done++, cases);
        }
        took_us += write_batch(db, group, n);
    }
    printf("%.0f\n", (double)units * 1e6 / (double)took_us);
    mem_free(group);
    db_close(db);
    return 0;
}
