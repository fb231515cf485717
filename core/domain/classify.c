/* domain/classify.c — see classify.h.
 *
 * A unit (taxonomy.c) counts by how rare its pairs of characters are among all units and by how
 * much of it the text shares; the sums of a category's units decide. A text costs as much as it is
 * long, not as the taxonomy is. Sums are of whole numbers, so their order does not matter. */
#include "domain/classify.h"

#include "base/json.h"
#include "base/memory.h"
#include "domain/taxonomy.h"

#include <math.h>
#include <string.h>

enum {
    TEXT_CHARS_MAX = 20000, /* what follows adds nothing */
    SHOWN_MAX = 8,          /* words told with a result */
    SUBJECT_WEIGHT = 3,
    GRAIN = 16,      /* steps of a unit's strength */
    SCORE_MIN = 150, /* below: chance */
};

enum place { IN_TEXT, IN_SUBJECT, PLACES };

struct question {
    const struct taxonomy *t;
    double (*hit)[PLACES]; /* owned; per unit: rarity of its pairs found in text and subject */
    double *scores;        /* owned; per category */
};

static void find_units(struct question *q, const char *text, enum place place)
{
    if (text == NULL || text[0] == '\0') {
        return;
    }
    const struct taxonomy *t = q->t;
    uint64_t *pairs = mem_array(TEXT_CHARS_MAX, sizeof *pairs);
    size_t count = taxonomy_pairs(text, pairs, TEXT_CHARS_MAX);
    for (size_t i = 0; i < count; i++) {
        size_t first = taxonomy_find(t, pairs[i]);
        if (first == t->index_count || t->index[first].pair != pairs[i] ||
            taxonomy_ignores(t, pairs[i])) {
            continue;
        }
        size_t end = taxonomy_posting_end(t, first);
        for (size_t j = first; j < end; j++) {
            q->hit[t->index[j].unit][place] += taxonomy_rarity(t, end - first);
        }
    }
    mem_free(pairs);
}

/* Half of a name found is worth an eighth of it: a shared pair is often chance. */
static double strength(double hit, double mass)
{
    double share = hit / mass;
    return hit * share * share;
}

static double unit_strength(const struct question *q, size_t unit)
{
    double mass = q->t->units[unit].mass;
    if (mass == 0) { /* no Chinese characters in it */
        return 0;
    }
    return floor(GRAIN * (strength(q->hit[unit][IN_TEXT], mass) +
                             SUBJECT_WEIGHT * strength(q->hit[unit][IN_SUBJECT], mass)));
}

/* Was the unit more or less said, or only brushed? */
static bool was_said(const struct question *q, size_t unit)
{
    const double *hit = q->hit[unit];
    double most = hit[IN_TEXT] > hit[IN_SUBJECT] ? hit[IN_TEXT] : hit[IN_SUBJECT];
    return most >= 0.6 * q->t->units[unit].mass;
}

static void score_categories(struct question *q)
{
    const struct taxonomy *t = q->t;
    for (size_t i = 0; i < t->unit_count; i++) {
        double value = unit_strength(q, i);
        for (size_t j = 0; value > 0 && j < t->units[i].user_count; j++) {
            const struct use *use = &t->uses[t->units[i].users[j]];
            q->scores[use->category] += value * use->weight;
        }
    }
}

static size_t best_category(const struct question *q)
{
    size_t best = 0;
    for (size_t i = 1; i < q->t->category_count; i++) {
        bool equal = q->scores[i] == q->scores[best];
        /* Of sisters for none of which anything speaks the one called "other" is meant. */
        bool rest = q->t->categories[i].rest && !q->t->categories[best].rest;
        if (q->scores[i] > q->scores[best] || (equal && rest)) {
            best = i;
        }
    }
    return best;
}

/* The units that spoke for the category, the strongest first. */
static json_t *spoken_words(const struct question *q, size_t category)
{
    const struct taxonomy *t = q->t;
    json_t *words = json_array();
    double below = INFINITY;
    size_t last = 0;
    for (int shown = 0; shown < SHOWN_MAX; shown++) {
        size_t found = SIZE_MAX;
        double strongest = 0;
        for (size_t i = 0; i < t->use_count; i++) {
            const struct use *use = &t->uses[i];
            if (use->category != category || !was_said(q, use->unit)) {
                continue;
            }
            double value = unit_strength(q, use->unit) * use->weight;
            bool next = value < below || (value == below && i > last);
            if (next && value > strongest) {
                strongest = value;
                found = i;
            }
        }
        if (found == SIZE_MAX) {
            break;
        }
        json_array_append_new(words, json_string(t->units[t->uses[found].unit].text));
        below = strongest;
        last = found;
    }
    return words;
}

static json_t *answer(const struct question *q)
{
    size_t best = best_category(q);
    const struct category *c = &q->t->categories[best];
    int64_t score = (int64_t)(q->scores[best] / GRAIN);
    if (score < SCORE_MIN) {
        return NULL;
    }
    json_t *words = spoken_words(q, best);
    if (json_array_size(words) == 0) { /* only brushed: nothing could be told as the reason */
        json_decref(words);
        return NULL;
    }
    json_t *found = json_object();
    json_put_text(found, "path", c->path);
    json_put_number(found, "score", score);
    json_object_set_new(found, "words", words);
    json_put_text(found, "agency", c->agency);
    return found;
}

json_t *taxonomy_classify(const struct taxonomy *t, const char *subject, const char *text)
{
    if (t->category_count == 0) {
        return NULL;
    }
    struct question q = {.t = t};
    q.hit = mem_array(t->unit_count + 1, sizeof *q.hit);
    q.scores = mem_array(t->category_count, sizeof *q.scores);
    find_units(&q, subject, IN_SUBJECT);
    find_units(&q, text, IN_TEXT);
    score_categories(&q);
    json_t *found = answer(&q);
    mem_free(q.hit);
    mem_free(q.scores);
    return found;
}
