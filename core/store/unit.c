/* store/unit.c — the life of a unit of writing. */
#include "store/store.h"

#include "base/memory.h"

struct store_unit *store_unit_new(void)
{
    return mem_alloc(sizeof(struct store_unit));
}

static void case_unit_free(struct store_case_unit *k)
{
    if (k == NULL) {
        return;
    }
    char *texts[] = {k->type, k->actor, k->data, k->snapshot, k->fields, k->search, k->number,
        k->flow, k->state, k->host, k->assignee, k->supervisor, k->origin, k->place_path,
        k->category, k->title, k->participants, k->mark, k->parties, k->asked, k->attached,
        k->series};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        mem_free(texts[i]);
    }
    json_decref(k->effects);
    json_decref(k->withdraw);
    mem_free(k);
}

void store_unit_free(struct store_unit *u)
{
    if (u == NULL) {
        return;
    }
    case_unit_free(u->kase);
    json_decref(u->args);
    mem_free(u->key);
    mem_free(u->user);
    mem_free(u->method);
    mem_free(u->response);
    mem_free(u);
}
