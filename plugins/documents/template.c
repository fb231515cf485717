/* template.c — reading template files. A line "name: value" each until a line "--", then the body;
 * the grammar stands in README.md. Every mistake is refused with file and line when the daemon
 * starts. */
#include "documents.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEMPLATES_MAX = 200,
    LINES_MAX = 1000, /* of one file: a long form has a hundred */
    MUSTS_MAX = 64,
    DEPTH_MAX = 8, /* @if inside @each inside … */
};

#define SUFFIX ".txt"

struct templates {
    struct template *rows[TEMPLATES_MAX]; /* owned */
    size_t count;
};

struct reading {
    struct template *t;
    const char *path;
    int line;
    char *error;
    size_t size;
    char open[DEPTH_MAX]; /* 'i' or 'e' of what waits for its @end */
    int depth;
};

static bool refuse(struct reading *r, const char *what)
{
    snprintf(r->error, r->size, "%s:%d: %s", r->path, r->line, what);
    return false;
}

static char *trimmed(char *text)
{
    text += strspn(text, " \t");
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL) {
        text[--len] = '\0';
    }
    return text;
}

/* --- head ---------------------------------------------------------------------------------------
 */

/* "name | title | where | if condition"; the last two may be left out. */
static bool add_must(struct reading *r, char *value)
{
    struct template *t = r->t;
    char *parts[4] = {NULL}, *rest = NULL;
    size_t n = 0;
    for (char *p = strtok_r(value, "|", &rest); p != NULL && n < 4;
         p = strtok_r(NULL, "|", &rest)) {
        parts[n++] = trimmed(p);
    }
    if (n < 2 || t->must_count == MUSTS_MAX) {
        return refuse(r, "must: name | title | where | if condition");
    }
    if (t->musts == NULL) {
        t->musts = calloc(MUSTS_MAX, sizeof *t->musts);
    }
    bool has_if = n > 2 && strncmp(parts[n - 1], "if ", 3) == 0;
    struct must *m = &t->musts[t->must_count++];
    m->name = strdup(parts[0]);
    m->title = strdup(parts[1]);
    m->where = n > 2 && !(has_if && n == 3) ? strdup(parts[2]) : NULL;
    m->only_if = has_if ? strdup(trimmed(parts[n - 1] + 3)) : NULL;
    return true;
}

static bool set_member(struct reading *r, const char *name, char *value)
{
    struct template *t = r->t;
    const struct {
        const char *name;
        char **place;
    } texts[] = {
        {"title", &t->title},
        {"series", &t->series},
        {"flows", &t->flows},
        {"when", &t->when},
        {"instead", &t->instead},
        {"need", &t->need},
        {"number", &t->number},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(texts[i].name, name) == 0) {
            free(*texts[i].place);
            *texts[i].place = strdup(value);
            return true;
        }
    }
    if (strcmp(name, "order") == 0) {
        t->order = strtol(value, NULL, 10);
        return true;
    }
    if (strcmp(name, "whole") == 0) {
        t->whole = strcmp(value, "yes") == 0;
        return true;
    }
    return strcmp(name, "must") == 0 ? add_must(r, value)
                                     : refuse(r, "unknown name before the colon");
}

static bool read_head(struct reading *r, char *line)
{
    char *colon = strchr(line, ':');
    if (*line == '\0' || *line == '#') {
        return true;
    }
    if (colon == NULL) {
        return refuse(r, "expected \"name: value\", or -- before the text");
    }
    *colon = '\0';
    return set_member(r, trimmed(line), trimmed(colon + 1));
}

/* --- body ---------------------------------------------------------------------------------------
 */

static bool is_word(const char *line, const char *word)
{
    size_t len = strlen(word);
    return strncmp(line, word, len) == 0 && (line[len] == ' ' || line[len] == '\0');
}

static bool check_directive(struct reading *r, const char *line)
{
    static const char *const plain[] = {
        "@table", "@head", "@sign", "@seal", "@note", "@page", "@lines", NULL};
    bool opens = is_word(line, "@if") || is_word(line, "@each");
    if (opens && r->depth == DEPTH_MAX) {
        return refuse(r, "too deep");
    }
    if (opens) {
        r->open[r->depth++] = line[1];
        return true;
    }
    if (is_word(line, "@else")) {
        return (r->depth > 0 && r->open[r->depth - 1] == 'i') || refuse(r, "@else without @if");
    }
    if (is_word(line, "@end")) {
        return r->depth-- > 0 || refuse(r, "@end without @if or @each");
    }
    for (size_t i = 0; plain[i] != NULL; i++) {
        if (is_word(line, plain[i])) {
            return true;
        }
    }
    return refuse(r, "unknown word after @");
}

static bool check_braces(struct reading *r, const char *line)
{
    for (const char *p = line; (p = strpbrk(p, "{}")) != NULL; p++) {
        const char *end = *p == '{' ? strpbrk(p + 1, "{}") : NULL;
        if (end == NULL || *end != '}' || end == p + 1) {
            return refuse(r, "a brace has no partner");
        }
        p = end;
    }
    return true;
}

static bool read_body(struct reading *r, char *line)
{
    struct template *t = r->t;
    if (*line == '\0' || *line == '#') {
        if (strncmp(line, "## ", 3) != 0) {
            return true;
        }
    }
    if ((*line == '@' && !check_directive(r, line)) || !check_braces(r, line)) {
        return false;
    }
    if (t->line_count == LINES_MAX) {
        return refuse(r, "too long");
    }
    if (t->lines == NULL) {
        t->lines = calloc(LINES_MAX, sizeof *t->lines);
    }
    t->lines[t->line_count++] = strdup(line);
    return true;
}

static bool read_lines(struct reading *r, FILE *file)
{
    char *line = NULL;
    size_t cap = 0;
    bool good = true, body = false;
    while (good && getline(&line, &cap, file) >= 0) {
        r->line++;
        char *text = trimmed(line);
        if (!body && strcmp(text, "--") == 0) {
            body = true;
        } else {
            good = body ? read_body(r, text) : read_head(r, text);
        }
    }
    free(line);
    if (good && (r->t->title == NULL || r->t->series == NULL || r->t->line_count == 0)) {
        return refuse(r, "title, series and a text are needed");
    }
    return good && (r->depth == 0 || refuse(r, "an @if or @each has no @end"));
}

/* --- files --------------------------------------------------------------------------------------
 */

static void template_free(struct template *t)
{
    char *texts[] = {t->id, t->title, t->series, t->flows, t->when, t->instead, t->need, t->number};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        free(texts[i]);
    }
    for (size_t i = 0; i < t->must_count; i++) {
        free(t->musts[i].name);
        free(t->musts[i].title);
        free(t->musts[i].where);
        free(t->musts[i].only_if);
    }
    for (size_t i = 0; i < t->line_count; i++) {
        free(t->lines[i]);
    }
    free(t->musts);
    free(t->lines);
    free(t);
}

static bool load_one(
    struct templates *all, const char *folder, const char *name, char *error, size_t size)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        snprintf(error, size, "%s: %s", path, strerror(errno));
        return false;
    }
    struct template *t = calloc(1, sizeof *t);
    t->id = strndup(name, strlen(name) - strlen(SUFFIX));
    struct reading r = {.t = t, .path = path, .error = error, .size = size};
    all->rows[all->count++] = t;
    bool good = read_lines(&r, file);
    fclose(file);
    return good;
}

static int by_order(const void *a, const void *b)
{
    const struct template *x = *(struct template *const *)a, *y = *(struct template *const *)b;
    return x->order != y->order ? (x->order < y->order ? -1 : 1) : strcmp(x->id, y->id);
}

struct templates *templates_load(const char *folder, char *error, size_t size)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        snprintf(error, size, "%s: %s", folder, strerror(errno));
        return NULL;
    }
    struct templates *all = calloc(1, sizeof *all);
    bool good = true;
    for (struct dirent *e; good && (e = readdir(dir)) != NULL;) {
        size_t len = strlen(e->d_name), suffix = strlen(SUFFIX);
        if (len > suffix && strcmp(e->d_name + len - suffix, SUFFIX) == 0 &&
            all->count < TEMPLATES_MAX) {
            good = load_one(all, folder, e->d_name, error, size);
        }
    }
    closedir(dir);
    if (good && all->count == 0) {
        snprintf(error, size, "%s: no *" SUFFIX, folder);
        good = false;
    }
    if (!good) {
        templates_free(all);
        return NULL;
    }
    qsort(all->rows, all->count, sizeof(all->rows[0]), by_order);
    return all;
}

void templates_free(struct templates *t)
{
    for (size_t i = 0; t != NULL && i < t->count; i++) {
        template_free(t->rows[i]);
    }
    free(t);
}

size_t templates_count(const struct templates *t)
{
    return t->count;
}

const struct template *templates_at(const struct templates *t, size_t i)
{
    return t->rows[i];
}

const struct template *templates_find(const struct templates *t, const char *id_or_title)
{
    for (size_t i = 0; i < t->count; i++) {
        if (strcmp(t->rows[i]->id, id_or_title) == 0 ||
            strcmp(t->rows[i]->title, id_or_title) == 0) {
            return t->rows[i];
        }
    }
    return NULL;
}

const struct template *templates_like(
    const struct templates *t, const char *words, const char *flow)
{
    const struct template *found = NULL;
    for (size_t i = 0; i < t->count; i++) {
        if (*words != '\0' && strstr(t->rows[i]->title, words) != NULL &&
            template_is_for(t->rows[i], flow)) {
            if (found != NULL) {
                return NULL;
            }
            found = t->rows[i];
        }
    }
    return found;
}

bool template_is_for(const struct template *t, const char *flow)
{
    size_t len = strlen(flow);
    for (const char *p = t->flows; p != NULL && *p != '\0';) {
        size_t word = strcspn(p, " ,");
        if (word == len && strncmp(p, flow, len) == 0) {
            return true;
        }
        p += word + strspn(p + word, " ,");
    }
    return t->flows == NULL;
}
