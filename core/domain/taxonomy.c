/* domain/taxonomy.c — see classify.h: rows become categories, units and the index.
 *
 * Every name of a category (each level of its path) and every word given for it is a unit: a set
 * of pairs of neighbouring Chinese characters. The index goes from a pair to the units it is in. */
#include "domain/taxonomy.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROWS_MAX = 20000, /* national tables have some thousand */
    LEVELS_MAX = 4,
    UNIT_CHARS_MAX = 40, /* of one name or word */
    WORDS_MAX = 200,     /* of one row */
    WORD_WEIGHT = 100,   /* a word against a name of the last level, in hundredths */
};

/* A name of the last level says most; the first level only what field it is. Hundredths. */
static const int level_weights[LEVELS_MAX] = {100, 80, 40, 40};

void taxonomy_free(struct taxonomy *t)
{
    if (t == NULL) {
        return;
    }
    for (size_t i = 0; i < t->category_count; i++) {
        mem_free(t->categories[i].path);
        mem_free(t->categories[i].agency);
    }
    for (size_t i = 0; i < t->unit_count; i++) {
        mem_free(t->units[i].text);
        mem_free(t->units[i].users);
    }
    mem_free(t->categories);
    mem_free(t->units);
    mem_free(t->uses);
    mem_free(t->index);
    mem_free(t->ignored);
    mem_free(t);
}

size_t taxonomy_count(const struct taxonomy *t)
{
    return t->category_count;
}

bool taxonomy_knows(const struct taxonomy *t, const char *path, const char **near_out)
{
    size_t len = strlen(path);
    const char **names = mem_array(t->category_count + 1, sizeof *names);
    bool known = false;
    for (size_t i = 0; i < t->category_count && !known; i++) {
        const char *own = t->categories[i].path;
        known = strncmp(own, path, len) == 0 && (own[len] == '\0' || own[len] == '/');
        names[i] = own;
    }
    if (!known && near_out != NULL) {
        *near_out = text_nearest(path, names, t->category_count);
    }
    mem_free(names);
    return known && len > 0;
}

/* --- pairs of characters -------------------------------------------------------------------- */

static int compare_pairs(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

size_t taxonomy_pairs(const char *text, uint64_t out[], size_t max)
{
    const char *end = text + strlen(text);
    int32_t before = 0;
    size_t n = 0;
    while (text < end && n < max) {
        int32_t c = utf8_next(&text, end);
        if (c >= 0 && text_is_han(c)) {
            if (before != 0) {
                out[n++] = ((uint64_t)before << 32) | (uint64_t)c;
            }
            before = c;
        } else {
            before = 0;
        }
    }
    qsort(out, n, sizeof out[0], compare_pairs);
    size_t distinct = 0;
    for (size_t i = 0; i < n; i++) {
        if (distinct == 0 || out[distinct - 1] != out[i]) {
            out[distinct++] = out[i];
        }
    }
    return distinct;
}

/* --- reading rows --------------------------------------------------------------------------- */

struct draft_use {
    const char *text; /* borrowed from the rows, or owned by the loader's names */
    size_t category;
    int weight;
};

struct loader {
    struct taxonomy *t;
    struct draft_use *uses;
    size_t count, room;
    char **names; /* level names cut out of paths; owned */
    size_t name_count, name_room;
};

static void add_use(struct loader *l, const char *text, size_t category, int weight)
{
    if (l->count == l->room) {
        l->room = l->room == 0 ? 256 : l->room * 2;
        l->uses = mem_resize(l->uses, l->room * sizeof *l->uses);
    }
    l->uses[l->count++] = (struct draft_use){text, category, weight};
}

static const char *keep_name(struct loader *l, const char *name, size_t len)
{
    if (l->name_count == l->name_room) {
        l->name_room = l->name_room == 0 ? 256 : l->name_room * 2;
        l->names = mem_resize(l->names, l->name_room * sizeof *l->names);
    }
    return l->names[l->name_count++] = mem_strndup(name, len);
}

static bool is_rest(const char *name)
{
    return text_equal(name, "其他") || text_equal(name, "其它");
}

/* Names of a path, deepest first; their count. */
static size_t cut_path(struct loader *l, const char *path, const char *names_out[LEVELS_MAX])
{
    size_t n = 0;
    for (const char *end = path + strlen(path); n < LEVELS_MAX;) {
        const char *start = end;
        while (start > path && start[-1] != '/') {
            start--;
        }
        names_out[n++] = keep_name(l, start, (size_t)(end - start));
        if (start == path) {
            break;
        }
        end = start - 1;
    }
    return n;
}

static void add_category(struct loader *l, char *path, const char *agency)
{
    const char *names[LEVELS_MAX];
    size_t index = l->t->category_count++;
    struct category *c = &l->t->categories[index];
    size_t levels = cut_path(l, path, names);
    c->path = path;
    c->agency = mem_strdup(agency);
    c->rest = is_rest(names[0]);
    for (size_t i = 0; i < levels; i++) {
        if (!is_rest(names[i]) && utf8_length(names[i]) <= UNIT_CHARS_MAX) {
            add_use(l, names[i], index, level_weights[i]);
        }
    }
}

static bool check_words(const json_t *words, const char *member, struct err *err)
{
    size_t i;
    json_t *word;
    bool empty_table = json_is_object(words) && json_object_size(words) == 0;
    if ((words != NULL && !json_is_array(words) && !empty_table) ||
        json_array_size(words) > WORDS_MAX) {
        return err_set(
            err, ERR_FORM, _("%s: a list of at most %d texts is needed"), member, WORDS_MAX);
    }
    json_array_foreach(words, i, word)
    {
        if (!json_is_string(word) || utf8_length(json_string_value(word)) > UNIT_CHARS_MAX) {
            return err_set(err, ERR_FORM, _("%s: text of at most %d characters is needed"), member,
                UNIT_CHARS_MAX);
        }
    }
    return true;
}

static void add_words(struct loader *l, const json_t *words, size_t category, int weight)
{
    size_t i;
    json_t *word;
    json_array_foreach(words, i, word)
    {
        add_use(l, json_string_value(word), category, weight);
    }
}

static void ignore_words(struct taxonomy *t, const json_t *words)
{
    size_t i;
    json_t *word;
    json_array_foreach(words, i, word)
    {
        t->ignored =
            mem_resize(t->ignored, (t->ignored_count + UNIT_CHARS_MAX) * sizeof *t->ignored);
        t->ignored_count +=
            taxonomy_pairs(json_string_value(word), t->ignored + t->ignored_count, UNIT_CHARS_MAX);
    }
    if (t->ignored_count > 0) {
        qsort(t->ignored, t->ignored_count, sizeof *t->ignored, compare_pairs);
    }
}

bool taxonomy_ignores(const struct taxonomy *t, uint64_t pair)
{
    return t->ignored_count > 0 &&
           bsearch(&pair, t->ignored, t->ignored_count, sizeof *t->ignored, compare_pairs) != NULL;
}

/* The path of a row, or NULL: it is not a category. Caller owns. */
static char *path_of(const json_t *row)
{
    static const char *const levels[] = {"一级分类", "二级分类", "三级分类"};
    const char *path = json_text(row, "path");
    if (path != NULL) {
        return path[0] == '\0' ? NULL : mem_strdup(path);
    }
    char *joined = NULL;
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        const char *name = json_text(row, levels[i]);
        if (name != NULL && name[0] != '\0') {
            char *longer = joined == NULL ? mem_strdup(name) : mem_printf("%s/%s", joined, name);
            mem_free(joined);
            joined = longer;
        }
    }
    return joined;
}

static bool read_row(struct loader *l, const json_t *row, struct err *err)
{
    if (!json_is_object(row)) {
        return err_set(err, ERR_FORM, _("a row must be an object"));
    }
    const json_t *words = json_member(row, "words"), *agency = json_member(row, "agency");
    if (!check_words(words, "words", err) ||
        !check_words(json_member(row, "ignore"), "ignore", err)) {
        return false;
    }
    if (agency != NULL && !json_is_string(agency)) {
        return err_set(err, ERR_FORM, _("%s: text is needed"), "agency");
    }
    if (json_member(row, "like") != NULL) {
        const char *like = json_text(row, "like");
        if (like == NULL || like[0] == '\0') {
            return err_set(err, ERR_FORM, _("%s: text is needed"), "like");
        }
        return true; /* applied when all categories are known */
    }
    if (json_member(row, "ignore") != NULL) {
        ignore_words(l->t, json_member(row, "ignore"));
        return true;
    }
    char *path = path_of(row);
    if (path == NULL) {
        return err_set(err, ERR_FORM, _("a category needs “path”, or names of its levels"));
    }
    add_category(l, path, json_string_value(agency));
    add_words(l, words, l->t->category_count - 1, WORD_WEIGHT);
    return true;
}

/* Everyday words go to every category one of whose names contains `like`, with that name's weight.
 */
static void apply_like(struct loader *l, const json_t *row, size_t names)
{
    const char *like = json_text(row, "like");
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < names; i++) {
        struct draft_use use = l->uses[i]; /* deepest name of a category comes first */
        if (use.category != last && strstr(use.text, like) != NULL) {
            add_words(l, json_object_get(row, "words"), use.category, use.weight);
            last = use.category;
        }
    }
}

/* --- building the index --------------------------------------------------------------------- */

static int compare_drafts(const void *a, const void *b)
{
    const struct draft_use *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    if (order == 0) {
        order = (x->category > y->category) - (x->category < y->category);
    }
    return order != 0 ? order : (x->weight < y->weight) - (x->weight > y->weight);
}

/* One unit per distinct text; of a text given twice for a category the heavier use stays. */
static void build_units(struct loader *l)
{
    struct taxonomy *t = l->t;
    if (l->count > 0) {
        qsort(l->uses, l->count, sizeof *l->uses, compare_drafts);
    }
    t->units = mem_array(l->count + 1, sizeof *t->units);
    t->uses = mem_array(l->count + 1, sizeof *t->uses);
    for (size_t i = 0; i < l->count; i++) {
        const struct draft_use *d = &l->uses[i];
        bool same = i > 0 && strcmp(l->uses[i - 1].text, d->text) == 0;
        if (same && l->uses[i - 1].category == d->category) {
            continue;
        }
        if (!same) {
            t->units[t->unit_count++].text = mem_strdup(d->text);
        }
        struct unit *u = &t->units[t->unit_count - 1];
        u->users = mem_resize(u->users, (u->user_count + 1) * sizeof *u->users);
        u->users[u->user_count++] = t->use_count;
        t->uses[t->use_count++] = (struct use){t->unit_count - 1, d->category, d->weight};
    }
}

static int compare_postings(const void *a, const void *b)
{
    const struct posting *x = a, *y = b;
    if (x->pair != y->pair) {
        return x->pair < y->pair ? -1 : 1;
    }
    return (x->unit > y->unit) - (x->unit < y->unit);
}

size_t taxonomy_posting_end(const struct taxonomy *t, size_t i)
{
    uint64_t pair = t->index[i].pair;
    while (i < t->index_count && t->index[i].pair == pair) {
        i++;
    }
    return i;
}

double taxonomy_rarity(const struct taxonomy *t, size_t units)
{
    return log2(1.0 + (double)t->unit_count / (double)units);
}

static void build_index(struct taxonomy *t)
{
    uint64_t pairs[UNIT_CHARS_MAX];
    t->index = mem_array(t->unit_count * UNIT_CHARS_MAX + 1, sizeof *t->index);
    for (size_t i = 0; i < t->unit_count; i++) {
        t->units[i].pairs = taxonomy_pairs(t->units[i].text, pairs, UNIT_CHARS_MAX);
        for (size_t j = 0; j < t->units[i].pairs; j++) {
            t->index[t->index_count++] = (struct posting){pairs[j], i};
        }
    }
    qsort(t->index, t->index_count, sizeof *t->index, compare_postings);
    for (size_t i = 0, end; i < t->index_count; i = end) {
        end = taxonomy_posting_end(t, i);
        for (size_t j = i; j < end; j++) {
            t->units[t->index[j].unit].mass += taxonomy_rarity(t, end - i);
        }
    }
}

size_t taxonomy_find(const struct taxonomy *t, uint64_t pair)
{
    size_t low = 0, high = t->index_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->index[middle].pair < pair) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct taxonomy *taxonomy_load(const json_t *rows, struct err *err)
{
    if (!json_is_array(rows) || json_array_size(rows) > ROWS_MAX) {
        err_set(err, ERR_FORM, _("categories must be a list of at most %d rows"), ROWS_MAX);
        return NULL;
    }
    struct loader l = {.t = mem_alloc(sizeof *l.t)};
    size_t i;
    json_t *row;
    bool ok = true;
    l.t->categories = mem_array(json_array_size(rows) + 1, sizeof *l.t->categories);
    json_array_foreach(rows, i, row)
    {
        if (!read_row(&l, row, err)) {
            ok = err_prefix(err, _("category row %zu: "), i + 1);
            break;
        }
    }
    size_t names = l.count;
    for (i = 0; ok && i < json_array_size(rows); i++) {
        if (json_member(json_array_get(rows, i), "like") != NULL) {
            apply_like(&l, json_array_get(rows, i), names);
        }
    }
    if (ok) {
        build_units(&l);
        build_index(l.t);
    }
    for (i = 0; i < l.name_count; i++) {
        mem_free(l.names[i]);
    }
    mem_free(l.names);
    mem_free(l.uses);
    if (!ok) {
        taxonomy_free(l.t);
        return NULL;
    }
    return l.t;
}
