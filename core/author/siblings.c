/* author/siblings.c — see siblings.h. Kept as text: an engine owns the flows it is given, so each
 * scenario loads them anew. */
#include "author/siblings.h"

#include "author/source.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/engine.h"
#include "script/script.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

struct sibling {
    char *path, *id;   /* owned */
    struct buf source; /* owned */
    struct flow *flow; /* owned; for verifying */
};

struct siblings {
    struct sibling *items;
    size_t count;
};

static int is_lua(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && text_ends(entry->d_name, ".lua");
}

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

static void add(struct siblings *all, const char *folder, const char *name)
{
    struct sibling s = {.path = mem_printf("%s/%s", folder, name)};
    struct err err = {0};
    struct script *script = source_read(s.path, &s.source, &err) ? load(&s, &s.flow) : NULL;
    err_clear(&err);
    if (script == NULL) {
        sibling_close(&s);
        return;
    }
    script_free(script);
    s.id = mem_strdup(s.flow->id);
    all->items = mem_resize(all->items, (all->count + 1) * sizeof *all->items);
    all->items[all->count++] = s;
}

struct siblings *siblings_load(const char *path)
{
    struct siblings *all = mem_alloc(sizeof *all);
    const char *slash = strrchr(path, '/'), *own = slash != NULL ? slash + 1 : path;
    char *folder = slash != NULL ? mem_strndup(path, (size_t)(slash - path)) : mem_strdup(".");
    struct dirent **list = NULL;
    int count = scandir(folder, &list, is_lua, alphasort);
    for (int i = 0; i < count; i++) {
        if (strcmp(list[i]->d_name, own) != 0) {
            add(all, folder, list[i]->d_name);
        }
        free(list[i]);
    }
    free(list);
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
