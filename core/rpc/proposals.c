/* rpc/proposals.c — see proposals.h. */
#include "rpc/proposals.h"

#include "base/civil.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct proposal {
    char *kind, *by; /* owned */
    char name[PROPOSAL_TEXT];
    json_t *doc; /* owned */
    int64_t at_ms;
};

struct proposals {
    struct proposal list[PROPOSALS_MAX]; /* oldest first */
    size_t count;
};

struct proposals *proposals_open(void)
{
    return mem_alloc(sizeof(struct proposals));
}

static void drop_at(struct proposals *p, size_t i)
{
    mem_free(p->list[i].kind);
    mem_free(p->list[i].by);
    json_decref(p->list[i].doc);
    p->count--;
    memmove(&p->list[i], &p->list[i + 1], (p->count - i) * sizeof p->list[0]);
}

void proposals_free(struct proposals *p)
{
    while (p != NULL && p->count > 0) {
        drop_at(p, p->count - 1);
    }
    mem_free(p);
}

const char *proposal_name(const json_t *doc, char name_out[PROPOSAL_TEXT])
{
    char *text = json_canonical(doc), hex[DIGEST_TEXT];
    struct digest d = digest_of(text, strlen(text));
    free(text);
    snprintf(name_out, PROPOSAL_TEXT, "%.12s", digest_hex(&d, hex));
    return name_out;
}

static size_t place_of(const struct proposals *p, const char *kind, const char *name)
{
    size_t i = 0;
    while (
        i < p->count && !(text_equal(p->list[i].kind, kind) && text_equal(p->list[i].name, name))) {
        i++;
    }
    return i;
}

void proposals_add(
    struct proposals *p, const char *kind, const json_t *doc, const char *by, int64_t at_ms)
{
    struct proposal new = {.at_ms = at_ms};
    if (place_of(p, kind, proposal_name(doc, new.name)) < p->count) {
        return;
    }
    if (p->count == PROPOSALS_MAX) {
        drop_at(p, 0);
    }
    new.kind = mem_strdup(kind);
    new.by = mem_strdup(by);
    new.doc = json_incref((json_t *)(uintptr_t)doc);
    p->list[p->count++] = new;
}

const json_t *proposals_find(
    const struct proposals *p, const char *kind, const char *name, const char **by_out)
{
    size_t i = place_of(p, kind, name);
    if (i == p->count) {
        return NULL;
    }
    if (by_out != NULL) {
        *by_out = p->list[i].by;
    }
    return p->list[i].doc;
}

void proposals_drop(struct proposals *p, const char *kind, const char *name)
{
    size_t i = place_of(p, kind, name);
    if (i < p->count) {
        drop_at(p, i);
    }
}

json_t *proposals_list(const struct proposals *p, const char *kind)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->count; i++) {
        char at[INSTANT_TEXT];
        if (text_equal(p->list[i].kind, kind)) {
            json_array_append_new(list,
                json_pack("{s:s, s:s, s:s, s:O}", "confirm", p->list[i].name, "by", p->list[i].by,
                    "at", instant_format(p->list[i].at_ms, at), "doc", p->list[i].doc));
        }
    }
    return list;
}
