/* rpc/likeness.c — see likeness.h. The weights are our own: a name in common is what people look
 * for first, the place and the words of the subject support it. */
#include "rpc/likeness.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

enum {
    FOR_NAME = 40,
    FOR_NAMES_MAX = 70,
    FOR_PLACE = 15,
    FOR_TEXT_MAX = 30,
    TEXT_ALIKE = 30, /* per cent of bigrams: below, words meet by chance */
    FOR_CATEGORY = 5,
    GRAMS_MAX = 200,
};

/* Pairs of neighbouring characters, each as a span of the text. */
struct grams {
    const char *at[GRAMS_MAX];
    size_t len[GRAMS_MAX], count;
};

static void take_grams(const char *text, struct grams *g)
{
    const char *end = text + strlen(text), *first = text;
    g->count = 0;
    while (first < end && g->count < GRAMS_MAX) {
        const char *second = first;
        utf8_next(&second, end);
        if (second >= end) {
            return;
        }
        const char *after = second;
        utf8_next(&after, end);
        g->at[g->count] = first;
        g->len[g->count++] = (size_t)(after - first);
        first = second;
    }
}

int likeness_texts(const char *a, const char *b)
{
    struct grams x, y;
    bool used[GRAMS_MAX] = {false};
    size_t common = 0;
    take_grams(a, &x);
    take_grams(b, &y);
    for (size_t i = 0; i < x.count; i++) {
        for (size_t k = 0; k < y.count; k++) {
            if (!used[k] && x.len[i] == y.len[k] && memcmp(x.at[i], y.at[k], x.len[i]) == 0) {
                used[k] = true;
                common++;
                break;
            }
        }
    }
    return x.count + y.count == 0 ? 0 : (int)(200 * common / (x.count + y.count));
}

/* The first open text of a case, as its row shows it. */
static const char *subject_of(const struct engine *e, const struct casefile *c)
{
    const struct flow *flow = engine_flow_version(e, c->flow_version);
    for (size_t i = 0; flow != NULL && i < flow->field_count; i++) {
        const struct flow_field *f = &flow->fields[i];
        const char *text = json_text(c->fields, f->name);
        if (f->type == FIELD_TEXT && f->open && f->secret == NULL && text != NULL) {
            return text;
        }
    }
    return "";
}

static void because(json_t *why, char *words)
{
    json_array_append_new(why, json_string(words));
    mem_free(words);
}

static int by_names(const json_t *row, json_t *why)
{
    const json_t *names = json_object_get(row, "names");
    int score = 0;
    for (size_t i = 0; i < json_array_size(names); i++) {
        because(why, mem_printf(_("names %s"), json_string_value(json_array_get(names, i))));
        score += FOR_NAME;
    }
    return score < FOR_NAMES_MAX ? score : FOR_NAMES_MAX;
}

int likeness(const struct engine *e, const struct casefile *kase, const json_t *row, json_t *why)
{
    int score = by_names(row, why);
    const struct place *p = kase->place == NULL ? NULL : org_place(engine_org(e), kase->place);
    if (p != NULL && text_equal(p->path, json_text(row, "place_path"))) {
        because(why, mem_printf(_("the same place: %s"), p->name));
        score += FOR_PLACE;
    }
    /* Of a case the asker may not read only the names count: a measure of its words, asked again
     * and again, would tell them. */
    if (!json_flag(row, "readable")) {
        return score;
    }
    const char *title = json_text(row, "title");
    int alike = title == NULL ? 0 : likeness_texts(subject_of(e, kase), title);
    if (alike >= TEXT_ALIKE) {
        because(why, mem_printf(_("the subject is %d%% alike"), alike));
        score += FOR_TEXT_MAX * alike / 100;
    }
    if (kase->category != NULL && text_equal(kase->category, json_text(row, "category"))) {
        because(why, mem_strdup(_("the same category")));
        score += FOR_CATEGORY;
    }
    return score;
}
