/* author/siblings.c — see siblings.h. Kept as text: an engine owns the flows it is given, so each
 * scenario loads them anew. */
#include "author/siblings.h"

#include "author/datafolder.h"
#include "author/source.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/engine.h"
#include "script/script.h"

#include <string.h>

struct sibling {
    char *path, *id;   /* owned */
    struct buf source; /* owned */
    struct flow *flow; /* owned; for verifying */
};

struct siblings {
    struct sibling *items;
    size_t count;
    const char *own; /* borrowed, while loading: the name of the script they stand beside */
};

static struct script *load(const struct sibling *s, struct flow **flow)
{
    struct err err = {0};
    struct script *script =
        script_load(buf_text(&s->source), s->source.len, s->path, NULL, flow, &err);
    err_clear(&err);
    return script;
}

static void sibling_close(struct sibling *s)
{
    mem_free(s->path);
    mem_free(s->id);
    buf_close(&s->source);
    flow_free(s->flow);
}

/* A sibling that does not load is not one: its own check says why. */
static bool add(void *ctx, const char *path, const char *name, struct err *ignored)
{
    struct siblings *all = ctx;
    struct sibling s = {.path = mem_strdup(path)};
    (void)ignored;
    if (strcmp(name, all->own) == 0) {
        sibling_close(&s);
        return true;
    }
    struct err err = {0};
    struct script *script = source_read(s.path, &s.source, &err) ? load(&s, &s.flow) : NULL;
    err_clear(&err);
    if (script == NULL) {
        sibling_close(&s);
        return true;
    }
    script_free(script);
    s.id = mem_strdup(s.flow->id);
    all->items = mem_resize(all->items, (all->count + 1) * sizeof *all->items);
    all->items[all->count++] = s;
    return true;
}

struct siblings *siblings_load(const char *path)
{
    struct siblings *all = mem_alloc(sizeof *all);
    const char *slash = strrchr(path, '/');
    char *folder = slash != NULL ? mem_strndup(path, (size_t)(slash - path)) : mem_strdup(".");
    struct err err = {0};
    all->own = slash != NULL ? slash + 1 : path;
    datafolder_each_lua(folder, true, 0, add, all, &err);
    err_clear(&err);
    all->own = NULL;
    mem_free(folder);
    return all;
}

void siblings_free(struct siblings *s)
{
    for (size_t i = 0; s != NULL && i < s->count; i++) {
        sibling_close(&s->items[i]);
    }
    if (s != NULL) {
        mem_free(s->items);
    }
    mem_free(s);
}

json_t *siblings_verify(const struct siblings *s, const struct flow *f)
{
    const struct flow **known = mem_array(s->count + 1, sizeof *known);
    size_t count = 0;
    known[count++] = f;
    for (size_t i = 0; i < s->count; i++) {
        if (!text_equal(s->items[i].id, f->id)) {
            known[count++] = s->items[i].flow;
        }
    }
    json_t *findings = flow_verify_links(f, known, count, true);
    mem_free(known);
    return findings;
}

void siblings_furnish(const struct siblings *s, struct engine *e)
{
    for (size_t i = 0; i < s->count; i++) {
        struct flow *flow = NULL;
        struct script *script =
            engine_flow(e, s->items[i].id) == NULL ? load(&s->items[i], &flow) : NULL;
        if (script != NULL) {
            engine_add_flow(e, flow, script);
        }
    }
}
