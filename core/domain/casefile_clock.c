/* domain/casefile_clock.c — the clocks of a case: which one presses, when the next one wakes, and
 * how they are shown. */
#include "domain/casefile.h"

#include "base/json.h"
#include "base/text.h"

struct case_clock *casefile_clock(const struct casefile *c, const char *name)
{
    for (size_t i = c->clock_count; i > 0; i--) {
        if (text_equal(c->clocks[i - 1].name, name)) {
            return &c->clocks[i - 1];
        }
    }
    return NULL;
}

bool clock_is_open(const struct case_clock *k)
{
    return k->state == CLOCK_RUNNING || k->state == CLOCK_PAUSED || k->state == CLOCK_LATE;
}

int64_t casefile_wake_ms(const struct casefile *c)
{
    int64_t earliest = INT64_MAX;
    for (size_t i = 0; i < c->clock_count; i++) {
        const struct case_clock *k = &c->clocks[i];
        if (clock_is_open(k) && k->wake_ms < earliest) {
            earliest = k->wake_ms;
        }
    }
    return earliest;
}

/* A waiting period (DUE_MIN) presses nobody: its end permits an act, it does not demand one; nor
 * does a right of the parties. What another body was asked presses that body (engine/tasks.h). A
 * clock that stands still presses only where none runs. */
static bool presses_more(const struct case_clock *k, const struct case_clock *than)
{
    if (!clock_is_open(k) || k->kind == DUE_MIN || k->right || text_starts(k->name, "task:")) {
        return false;
    }
    if (than != NULL && (k->state == CLOCK_PAUSED) != (than->state == CLOCK_PAUSED)) {
        return than->state == CLOCK_PAUSED;
    }
    if (than == NULL || (k->kind == DUE_TARGET) != (than->kind == DUE_TARGET)) {
        return than == NULL || than->kind == DUE_TARGET;
    }
    return k->due.due_ms < than->due.due_ms;
}

const struct case_clock *casefile_pressing_clock(const struct casefile *c)
{
    const struct case_clock *pressing = NULL;
    for (size_t i = 0; i < c->clock_count; i++) {
        if (presses_more(&c->clocks[i], pressing)) {
            pressing = &c->clocks[i];
        }
    }
    return pressing;
}

const char *clock_state_name(enum clock_state s)
{
    static const char *const names[] = {"running", "paused", "late", "met", "cancelled"};
    return names[s];
}

static void put_day(json_t *object, const char *key, struct date d)
{
    char text[DATE_TEXT];
    json_put_text(object, key, date_format(d, text));
}

static void put_instant(json_t *object, const char *key, int64_t ms)
{
    char text[INSTANT_TEXT];
    json_put_text(object, key, instant_format(ms, text));
}

json_t *clock_json(const struct case_clock *k)
{
    json_t *object = json_object();
    json_put_text(object, "name", k->name);
    json_put_text(object, "title", k->title);
    json_put_text(object, "state", clock_state_name(k->state));
    json_put_text(object, "kind", due_kind_name(k->kind));
    json_put_text(object, "limit", span_words(k->span));
    json_put_text(object, "term", k->term);
    json_put_text(object, "law", k->law);
    put_instant(object, "start", k->start_ms);
    put_day(object, "raw", k->due.raw);
    put_day(object, "legal", k->due.legal);
    put_day(object, "internal", k->due.internal);
    put_instant(object, "due_at", k->due.due_ms);
    json_object_set_new(object, "provisional", json_boolean(k->due.provisional));
    json_object_set_new(object, "late", json_boolean(k->was_late));
    json_put_number(object, "extended", k->extended);
    if (k->right) {
        json_object_set_new(object, "right", json_true());
    }
    json_put_text(object, "explain", k->explain);
    if (k->calendar != NULL) {
        json_object_set_new(object, "calendar", json_deep_copy(k->calendar));
    }
    if (k->state == CLOCK_PAUSED) {
        put_day(object, "paused_from", k->paused_from);
    }
    if (k->ended_ms != 0) {
        put_instant(object, "ended", k->ended_ms);
    }
    json_t *excluded = json_array();
    for (size_t i = 0; i < k->excluded_count; i++) {
        json_t *interval = json_object();
        put_day(interval, "from", k->excluded[i].from);
        put_day(interval, "to", k->excluded[i].to);
        json_array_append_new(excluded, interval);
    }
    json_object_set_new(object, "excluded", excluded);
    return object;
}
