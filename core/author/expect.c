/* author/expect.c — see expect.h. One row per word. */
#include "author/expect.h"

#include "author/play_private.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct seen {
    const struct flow *flow;
    const struct casefile *kase;
    const json_t *step;
    char found[256]; /* what is there, when it differs */
};

typedef bool (*expect_fn)(struct seen *s, const json_t *wanted);

static bool same_text(struct seen *s, const json_t *wanted, const char *found)
{
    snprintf(s->found, sizeof s->found, "%s", found != NULL ? found : "—");
    return text_equal(json_string_value(wanted), found);
}

static bool in_state(struct seen *s, const json_t *wanted)
{
    const struct flow_state *st = flow_state(s->flow, s->kase->state);
    return same_text(s, wanted, s->kase->state) ||
           (st != NULL && text_equal(st->title, json_string_value(wanted)));
}

static bool at_host(struct seen *s, const json_t *wanted)
{
    return same_text(s, wanted, s->kase->host);
}

static bool at_level(struct seen *s, const json_t *wanted)
{
    snprintf(s->found, sizeof s->found, "%d", s->kase->level);
    return json_integer_value(wanted) == s->kase->level;
}

static void list_texts(struct seen *s, const json_t *list)
{
    s->found[0] = '\0';
    for (size_t i = 0; i < json_array_size(list); i++) {
        size_t len = strlen(s->found);
        snprintf(s->found + len, sizeof s->found - len, "%s%s", i > 0 ? "、" : "",
            json_string_value(json_array_get(list, i)));
    }
}

static bool has_mark(struct seen *s, const json_t *wanted)
{
    list_texts(s, s->kase->marks);
    return json_array_has(s->kase->marks, json_string_value(wanted));
}

static bool has_no_mark(struct seen *s, const json_t *wanted)
{
    list_texts(s, s->kase->marks);
    return !json_array_has(s->kase->marks, json_string_value(wanted));
}

static bool has_participant(struct seen *s, const json_t *wanted)
{
    list_texts(s, s->kase->participants);
    return json_array_has(s->kase->participants, json_string_value(wanted));
}

static bool is_late(struct seen *s, const json_t *wanted)
{
    bool late = false;
    for (size_t i = 0; i < s->kase->clock_count; i++) {
        late = late || s->kase->clocks[i].state == CLOCK_LATE;
    }
    snprintf(s->found, sizeof s->found, "%s", late ? "true" : "false");
    return json_is_true(wanted) == late;
}

static bool is_closed(struct seen *s, const json_t *wanted)
{
    bool closed = s->kase->closed_ms != 0;
    snprintf(s->found, sizeof s->found, "%s", closed ? "true" : "false");
    return json_is_true(wanted) == closed;
}

/* The clock the step names, else the pressing one. */
static const struct case_clock *the_clock(const struct seen *s)
{
    const char *name = json_text(s->step, "clock");
    const struct case_clock *k =
        name != NULL ? casefile_clock(s->kase, name) : casefile_pressing_clock(s->kase);
    return k != NULL && clock_is_open(k) ? k : NULL;
}

static bool is_due(struct seen *s, const json_t *wanted)
{
    char day[DATE_TEXT];
    const struct case_clock *k = the_clock(s);
    return same_text(s, wanted, k != NULL ? date_format(k->due.legal, day) : NULL);
}

static bool is_provisional(struct seen *s, const json_t *wanted)
{
    const struct case_clock *k = the_clock(s);
    bool provisional = k != NULL && k->due.provisional;
    snprintf(s->found, sizeof s->found, "%s", provisional ? "true" : "false");
    return k != NULL && json_is_true(wanted) == provisional;
}

static bool clock_runs(struct seen *s, const json_t *wanted)
{
    (void)wanted;
    snprintf(s->found, sizeof s->found, "%s", _("it does not run"));
    return the_clock(s) != NULL;
}

static bool has_profile(struct seen *s, const json_t *wanted)
{
    return same_text(s, wanted, s->kase->profile);
}

static bool has_supervisor(struct seen *s, const json_t *wanted)
{
    return same_text(s, wanted, s->kase->supervisor);
}

static bool has_category(struct seen *s, const json_t *wanted)
{
    return same_text(s, wanted, s->kase->category);
}

static bool has_outcome(struct seen *s, const json_t *wanted)
{
    return same_text(s, wanted, s->kase->outcome);
}

static bool has_assignee(struct seen *s, const json_t *wanted)
{
    return same_text(s, wanted, s->kase->assignee);
}

/* The status of the latest link. */
static bool has_link(struct seen *s, const json_t *wanted)
{
    size_t n = json_array_size(s->kase->links);
    return same_text(
        s, wanted, n == 0 ? NULL : json_text(json_array_get(s->kase->links, n - 1), "status"));
}

static bool has_links(struct seen *s, const json_t *wanted)
{
    snprintf(s->found, sizeof s->found, "%zu", json_array_size(s->kase->links));
    return json_integer_value(wanted) == (json_int_t)json_array_size(s->kase->links);
}

static bool has_fields(struct seen *s, const json_t *wanted)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)wanted, name, value)
    {
        json_t *found = json_object_get(s->kase->fields, name);
        if (!json_equal(found, value)) {
            char *text = found != NULL ? json_compact(found) : NULL;
            snprintf(s->found, sizeof s->found, "%s = %s", name, text != NULL ? text : "—");
            free(text);
            return false;
        }
    }
    return true;
}

static bool joint_is(struct seen *s, const json_t *wanted)
{
    return task_expected(s->flow, s->kase, "joint", wanted, s->found, sizeof s->found);
}

static bool tasks_are(struct seen *s, const json_t *wanted)
{
    return task_expected(s->flow, s->kase, "task", wanted, s->found, sizeof s->found);
}

static const struct {
    const char *word;
    expect_fn fn;
} expectations[] = {{"state", in_state}, {"host", at_host}, {"level", at_level}, {"mark", has_mark},
    {"unmarked", has_no_mark}, {"late", is_late}, {"due", is_due}, {"provisional", is_provisional},
    {"clock", clock_runs}, {"profile", has_profile}, {"supervisor", has_supervisor},
    {"closed", is_closed}, {"category", has_category}, {"participant", has_participant},
    {"outcome", has_outcome}, {"assignee", has_assignee}, {"link", has_link}, {"links", has_links},
    {"fields", has_fields}, {"joint", joint_is}, {"task", tasks_are}};

static expect_fn find_word(const char *word)
{
    for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++) {
        if (strcmp(expectations[i].word, word) == 0) {
            return expectations[i].fn;
        }
    }
    return NULL;
}

bool expect_check(
    const struct flow *flow, const struct casefile *c, const json_t *step, struct err *err)
{
    struct seen s = {.flow = flow, .kase = c, .step = step};
    const char *word;
    json_t *wanted;
    json_object_foreach((json_t *)step, word, wanted)
    {
        if (strcmp(word, "do") == 0 || strcmp(word, "line") == 0) {
            continue;
        }
        expect_fn fn = find_word(word);
        if (fn == NULL) {
            return err_set(err, ERR_FORM, _("expect knows no “%s”"), word);
        }
        if (!fn(&s, wanted)) {
            char *text =
                json_is_string(wanted) ? strdup(json_string_value(wanted)) : json_compact(wanted);
            err_set(err, ERR_FORM, _("expected %s = %s, found: %s"), word, text, s.found);
            free(text);
            return false;
        }
    }
    return true;
}
