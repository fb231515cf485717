/* engine/counter.c — see counter.h. */
#include "engine/counter.h"

#include "base/json.h"
#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct counter *counter_named(struct engine *e, const char *name)
{
    struct counter *c = NULL;
    HASH_FIND_STR(e->counters, name, c);
    if (c == NULL) {
        c = mem_alloc(sizeof *c);
        c->name = mem_strdup(name);
        HASH_ADD_KEYPTR(hh, e->counters, c->name, strlen(c->name), c);
    }
    return c;
}

void counters_raise(struct engine *e, const json_t *meta)
{
    const char *name;
    json_t *value;
    int64_t last_case = json_number(meta, "last_case", 0);
    e->last_case = e->last_case > last_case ? e->last_case : last_case;
    json_object_foreach(json_object_get(meta, "counters"), name, value)
    {
        struct counter *c = counter_named(e, name);
        int64_t last = json_integer_value(value);
        c->last = c->last > last ? c->last : last;
    }
}

void counters_load(struct engine *e, const json_t *meta)
{
    counters_free(e);
    e->last_case = 0;
    counters_raise(e, meta);
}

void counters_free(struct engine *e)
{
    struct counter *c, *next;
    HASH_ITER(hh, e->counters, c, next)
    {
        HASH_DEL(e->counters, c);
        mem_free(c->name);
        mem_free(c);
    }
}

struct counter *counter_find(struct engine *e, const char *sign, int year)
{
    char *name = mem_printf("%s/%02d", sign, year);
    struct counter *c = counter_named(e, name);
    mem_free(name);
    return c;
}

/* The parts of a number the engine made: sign, two digits, dash, serial. */
static struct counter *counter_of(struct engine *e, const char *number, int64_t *serial_out)
{
    const char *dash = strrchr(number, '-');
    assert(dash != NULL && dash - number > 2);
    char *sign = mem_strndup(number, (size_t)(dash - number) - 2);
    struct counter *c = counter_find(e, sign, atoi(dash - 2));
    mem_free(sign);
    *serial_out = strtoll(dash + 1, NULL, 10);
    return c;
}

void counter_take(struct engine *e, const char *number)
{
    int64_t serial;
    counter_of(e, number, &serial)->last = serial;
}

void counter_give_back(struct engine *e, const char *number)
{
    int64_t serial;
    struct counter *c = counter_of(e, number, &serial);
    if (c->last == serial) {
        c->last--;
    }
}

static struct counter *counter_of_document(
    struct engine *e, const json_t *event, int64_t *serial_out)
{
    const json_t *numbered = json_object_get(event, "numbered");
    *serial_out = json_number(numbered, "serial", 0);
    return numbered == NULL ? NULL : counter_named(e, json_text(numbered, "series"));
}

void counter_take_document(struct engine *e, const json_t *event)
{
    int64_t serial;
    struct counter *c = counter_of_document(e, event, &serial);
    if (c != NULL) {
        c->last = serial;
    }
}

void counter_give_back_document(struct engine *e, const json_t *event)
{
    int64_t serial;
    struct counter *c = counter_of_document(e, event, &serial);
    if (c != NULL && c->last == serial) {
        c->last--;
    }
}
