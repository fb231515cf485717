/* client/clocks.c — see clocks.h. */
#include "client/clocks.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/page.h"

#include <string.h>

bool clock_is_over(const json_t *clock)
{
    const char *state = json_text(clock, "state");
    return text_equal(state, "met") || text_equal(state, "cancelled");
}

static bool same_name(const json_t *a, const json_t *b)
{
    return text_equal(json_text(a, "name"), json_text(b, "name"));
}

/* Would the reader miss it? */
static bool is_shown(const json_t *clocks, size_t at)
{
    const json_t *k = json_array_get(clocks, at);
    if (!clock_is_over(k) || json_flag(k, "late")) {
        return true;
    }
    for (size_t i = 0; i < json_array_size(clocks); i++) {
        const json_t *other = json_array_get(clocks, i);
        if (i != at && same_name(k, other) && (i > at || !clock_is_over(other))) {
            return false;
        }
    }
    return true;
}

static size_t times(const json_t *clocks, const json_t *k)
{
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(clocks); i++) {
        n += same_name(k, json_array_get(clocks, i));
    }
    return n;
}

json_t *clocks_folded(const json_t *clocks)
{
    json_t *list = json_array();
    size_t count = json_array_size(clocks);
    for (size_t i = 0; i < 2 * count; i++) { /* what runs first, then what has ended */
        json_t *k = json_array_get(clocks, i % count);
        if (clock_is_over(k) != (i >= count) || !is_shown(clocks, i % count)) {
            continue;
        }
        json_t *one = json_copy(k);
        json_put_number(one, "times", (int64_t)times(clocks, k));
        json_array_append_new(list, one);
    }
    return list;
}

char *clock_title(const json_t *clock)
{
    const char *title = page_named(clock, "title");
    title = title != NULL ? title : json_text(clock, "name");
    long long n = (long long)json_number(clock, "times", 1);
    return n > 1 ? mem_printf(_("%s (%lld times)"), title != NULL ? title : "", n)
                 : mem_strdup(title != NULL ? title : "");
}

/* A right is nobody's duty: it is used in its time, or it lapses. */
static const char *right_words(const json_t *k, bool met)
{
    const char *ended = json_text(k, "ended"), *due_at = json_text(k, "due_at");
    bool past = ended != NULL && due_at != NULL && strcmp(ended, due_at) > 0;
    return past ? _("lapsed") : met ? _("used in time") : _("no longer needed");
}

char *clock_outcome(const json_t *k)
{
    const char *state = json_text(k, "state");
    const char *ended = json_text(k, "ended"), *due_at = json_text(k, "due_at");
    bool met = text_equal(state, "met");
    const char *words = clock_is_over(k) && json_flag(k, "right") ? right_words(k, met)
                        : met && json_flag(k, "late")             ? _("done late")
                        : met && ended != NULL && due_at != NULL && strcmp(ended, due_at) > 0
                            ? _("lapsed")
                        : met                            ? _("done in time")
                        : text_equal(state, "cancelled") ? _("no longer needed")
                        : text_equal(state, "paused")    ? _("paused")
                                                         : "";
    if (met && ended != NULL && strlen(ended) >= 10) {
        return mem_printf("%s (%.10s)", words, ended);
    }
    return mem_strdup(words);
}
