/* fill.c — template and values give a paper. */
#include "documents.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCKS_MAX = 5000 }; /* more than a volume of a hundred pages */

struct filling {
    const struct template *t;
    const json_t *values;
    json_t *paper;  /* owned until it is handed out */
    json_t *table;  /* borrowed: the block that rows join; NULL: none is open */
    json_t *widths; /* owned: of the next table; NULL: by its cells */
    bool head;      /* the next row is a head */
};

/* --- values -------------------------------------------------------------------------------------
 */

/* The first of "a,b,c" that is there. Borrowed; NULL: none. */
static const json_t *value_of(const json_t *values, const json_t *item, const char *names)
{
    char name[128];
    for (const char *p = names; *p != '\0'; p += *p == ',') {
        size_t len = strcspn(p, ",");
        snprintf(name, sizeof name, "%.*s", (int)len, p);
        p += len;
        const json_t *found =
            name[0] == '.' ? json_object_get(item, name + 1) : json_object_get(values, name);
        if (json_string_length(found) > 0 || json_array_size(found) > 0) {
            return found;
        }
    }
    return NULL;
}

char *value_text(const json_t *values, const json_t *item, const char *name)
{
    const char *text = json_string_value(value_of(values, item, name));
    return text == NULL ? NULL : strdup(text);
}

static bool is_there(const json_t *values, const json_t *item, const char *name)
{
    const json_t *value = value_of(values, item, name);
    return json_is_array(value) || (value != NULL && strcmp(json_string_value(value), "否") != 0);
}

static void trim_end(char *text)
{
    for (size_t len = strlen(text); len > 0 && text[len - 1] == ' ';) {
        text[--len] = '\0';
    }
}

bool condition_holds(const json_t *values, const json_t *item, const char *condition)
{
    if (condition == NULL) {
        return true;
    }
    char name[256];
    const char *equals = strchr(condition, '=');
    if (equals == NULL) {
        bool turned = condition[0] == '!';
        snprintf(name, sizeof name, "%s", condition + turned);
        return is_there(values, item, name) != turned;
    }
    bool turned = equals > condition && equals[-1] == '!';
    snprintf(name, sizeof name, "%.*s", (int)(equals - condition - turned), condition);
    trim_end(name);
    char *text = value_text(values, item, name);
    bool same = text != NULL && strcmp(text, equals + 1 + strspn(equals + 1, " ")) == 0;
    free(text);
    return same != turned;
}

/* "{name}" and "{name|otherwise}"; an absent one without otherwise becomes `blank`. Caller frees.
 */
static char *expand(
    const struct filling *f, const json_t *item, const char *line, const char *blank)
{
    char *out = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&out, &size);
    while (*line != '\0') {
        size_t plain = strcspn(line, "{");
        fprintf(to, "%.*s", (int)plain, line);
        line += plain;
        const char *end = *line == '{' ? strchr(line, '}') : NULL;
        if (end == NULL) {
            break; /* templates_load has looked: only at the end of the line */
        }
        char *name = strndup(line + 1, (size_t)(end - line - 1)), *otherwise = strchr(name, '|');
        if (otherwise != NULL) {
            *otherwise++ = '\0';
        }
        char *text = value_text(f->values, item, name);
        fputs(text != NULL ? text : otherwise != NULL ? otherwise : blank, to);
        free(text);
        free(name);
        line = end + 1;
    }
    fclose(to);
    return out;
}

/* --- blocks -------------------------------------------------------------------------------------
 */

static json_t *add_block(struct filling *f, const char *kind)
{
    json_t *block = json_pack("{s:s}", "kind", kind);
    if (json_array_size(f->paper) < BLOCKS_MAX) {
        json_array_append(f->paper, block);
    }
    json_decref(block); /* the paper holds it, or it is dropped with its last user */
    return json_array_size(f->paper) < BLOCKS_MAX ? block : NULL;
}

static void add_text(struct filling *f, const char *kind, const char *text)
{
    json_t *block = add_block(f, kind);
    if (block != NULL) {
        json_object_set_new(block, "text", json_string(text));
    }
}

/* A value of several lines is several paragraphs. */
static void add_paragraphs(struct filling *f, const char *kind, const char *text)
{
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        char *line = strndup(text, len);
        if (len > 0) {
            add_text(f, kind, line);
        }
        free(line);
        text += len + (text[len] == '\n');
    }
}

static json_t *cell_of(const struct filling *f, const json_t *item, char *source)
{
    source += strspn(source, " ");
    bool label = *source == '*';
    source += label;
    source += strspn(source, " ");
    trim_end(source);
    char *text = expand(f, item, source, "");
    json_t *cell = json_pack("{s:s, s:b, s:i}", "text", text, "label", label, "span", 1);
    free(text);
    return cell;
}

static void widen(json_t *cell)
{
    json_int_t span = json_integer_value(json_object_get(cell, "span"));
    json_object_set_new(cell, "span", json_integer(span + 1));
}

/* "| *姓名 | {.name} || " — a star makes a label, a double bar makes the cell a column wider. */
static json_t *row_of(const struct filling *f, const json_t *item, const char *line)
{
    json_t *row = json_array();
    char *copy = strdup(line + 1), *at = copy;
    /* Bars inside braces belong to {name|otherwise}. */
    for (char *p = copy, *start = copy;; p++) {
        if (*p == '{') {
            p += strcspn(p, "}");
        }
        if (*p == '|' || *p == '\0') {
            bool last = *p == '\0';
            *p = '\0';
            at = start;
            size_t cells = json_array_size(row);
            if (!last && *at == '\0' && cells > 0) {
                widen(json_array_get(row, cells - 1));
            } else if (!last || at[strspn(at, " ")] != '\0') {
                json_array_append_new(row, cell_of(f, item, at));
            }
            start = p + 1;
            if (last) {
                break;
            }
        }
    }
    free(copy);
    return row;
}

static void add_row(struct filling *f, const char *kind, const json_t *item, const char *line)
{
    json_t *row = row_of(f, item, line);
    if (f->table == NULL || f->widths != NULL) {
        f->table = add_block(f, kind);
        if (f->table == NULL) {
            json_decref(row);
            return;
        }
        json_object_set_new(f->table, "rows", json_array());
        json_object_set_new(f->table, "head", json_boolean(f->head));
        if (f->widths != NULL) {
            json_object_set_new(f->table, "widths", f->widths);
        }
        f->widths = NULL;
        f->head = false;
    }
    json_array_append_new(json_object_get(f->table, "rows"), row);
}

static void read_widths(struct filling *f, const char *rest)
{
    json_decref(f->widths);
    f->widths = json_array();
    char *end = NULL;
    for (long w = strtol(rest, &end, 10); end != rest; w = strtol(rest, &end, 10)) {
        json_array_append_new(f->widths, json_integer(w));
        rest = end;
    }
}

/* --- lines --------------------------------------------------------------------------------------
 */

static void do_plain(struct filling *f, const json_t *item, const char *line)
{
    static const struct {
        const char *mark, *kind;
    } marks[] = {{"## ", "heading"}, {">> ", "right"}, {"> ", "plain"}, {"", "paragraph"}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t len = strlen(marks[i].mark);
        if (strncmp(line, marks[i].mark, len) == 0) {
            char *text = expand(f, item, line + len, BLANK);
            add_paragraphs(f, marks[i].kind, text);
            free(text);
            return;
        }
    }
}

static const char *rest_of(const char *line, const char *word)
{
    size_t len = strlen(word);
    return strncmp(line, word, len) == 0 && (line[len] == ' ' || line[len] == '\0')
               ? line + len + strspn(line + len, " ")
               : NULL;
}

static void do_seal(struct filling *f, const json_t *item, const char *rest)
{
    char *text = expand(f, item, rest, BLANK), *date = value_text(f->values, NULL, "date");
    json_t *block = add_block(f, "seal");
    if (block != NULL) {
        json_object_set_new(block, "text", json_string(text));
        json_object_set_new(
            block, "date", json_string(date != NULL ? date : "　　　　年　　月　　日"));
    }
    free(date);
    free(text);
}

static void do_directive(struct filling *f, const json_t *item, const char *line)
{
    const char *rest;
    if ((rest = rest_of(line, "@table")) != NULL) {
        f->table = NULL;
        read_widths(f, rest);
    } else if (rest_of(line, "@head") != NULL) {
        f->table = NULL;
        f->head = true;
    } else if ((rest = rest_of(line, "@seal")) != NULL) {
        do_seal(f, item, rest);
    } else if ((rest = rest_of(line, "@note")) != NULL) {
        char *text = expand(f, item, rest, BLANK);
        add_paragraphs(f, "note", text);
        free(text);
    } else if (rest_of(line, "@page") != NULL) {
        add_block(f, "page");
    } else if ((rest = rest_of(line, "@lines")) != NULL) {
        json_t *block = add_block(f, "lines");
        if (block != NULL) {
            json_object_set_new(block, "count", json_integer(strtol(rest, NULL, 10)));
        }
    }
}

static size_t run(struct filling *f, size_t from, const json_t *item, bool live);

/* Behind the @end or @else that belongs to what begins at `from`; runs the lines when live. */
static size_t run_if(struct filling *f, size_t at, const json_t *item, bool live)
{
    const char *condition = f->t->lines[at] + strlen("@if");
    bool holds = live && condition_holds(f->values, item, condition + strspn(condition, " "));
    at = run(f, at + 1, item, holds);
    if (at < f->t->line_count && rest_of(f->t->lines[at], "@else") != NULL) {
        at = run(f, at + 1, item, live && !holds);
    }
    return at + 1;
}

static size_t run_each(struct filling *f, size_t at, bool live)
{
    const char *name = f->t->lines[at] + strlen("@each");
    const json_t *list = json_object_get(f->values, name + strspn(name, " "));
    size_t end = at, i;
    json_t *item;
    if (live && json_array_size(list) > 0) {
        json_array_foreach((json_t *)(uintptr_t)list, i, item)
        {
            /* A list of documents does not name itself: it would change by being made. */
            bool own = strcmp(member_text(item, "template"), f->t->id) == 0;
            end = run(f, at + 1, item, !own);
        }
        return end + 1;
    }
    return run(f, at + 1, NULL, false) + 1;
}

/* Runs lines up to the @end or @else that closes them, and returns where that stands. */
static size_t run(struct filling *f, size_t at, const json_t *item, bool live)
{
    while (at < f->t->line_count) {
        const char *line = f->t->lines[at];
        if (rest_of(line, "@end") != NULL || rest_of(line, "@else") != NULL) {
            return at;
        }
        if (rest_of(line, "@if") != NULL) {
            at = run_if(f, at, item, live);
            continue;
        }
        if (rest_of(line, "@each") != NULL) {
            at = run_each(f, at, live);
            continue;
        }
        if (live && line[0] == '|') {
            add_row(f, "table", item, line);
        } else if (live && rest_of(line, "@sign") != NULL) {
            f->table = NULL;
            add_row(f, "signs", item, rest_of(line, "@sign") - 1);
            f->table = NULL;
        } else if (live && line[0] == '@') {
            do_directive(f, item, line);
        } else if (live) {
            f->table = NULL;
            do_plain(f, item, line);
        }
        at++;
    }
    return at;
}

json_t *template_fill(const struct template *t, const json_t *values)
{
    struct filling f = {.t = t, .values = values, .paper = json_array()};
    add_text(&f, "title", t->title);
    char *number = value_text(values, NULL, "document_number");
    if (number != NULL) {
        add_text(&f, "number", number);
    }
    free(number);
    run(&f, 0, NULL, true);
    json_decref(f.widths);
    return f.paper;
}

/* --- what is missing ----------------------------------------------------------------------------
 */

static void add_missing(json_t *list, const struct must *m, const char *of)
{
    json_t *row = json_pack("{s:s}", "name", m->name);
    char *title = NULL;
    if (asprintf(&title, "%s%s%s", of, *of != '\0' ? "：" : "", m->title) < 0) {
        abort();
    }
    json_object_set_new(row, "title", json_string(title));
    if (m->where != NULL) {
        json_object_set_new(row, "where", json_string(m->where));
    }
    free(title);
    json_array_append_new(list, row);
}

/* "applicants.phone": of every one of them. */
static void missing_of_each(json_t *list, const struct must *m, const json_t *values)
{
    const char *dot = strchr(m->name, '.');
    char *name = strndup(m->name, (size_t)(dot - m->name));
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(values, name), i, item)
    {
        if (!is_there(values, item, dot)) {
            add_missing(list, m, member_text(item, "name"));
        }
    }
    free(name);
}

json_t *template_missing(const struct template *t, const json_t *values)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->must_count; i++) {
        const struct must *m = &t->musts[i];
        char *name = strdup(m->name), *dot = strchr(name, '.');
        if (dot != NULL) {
            *dot = '\0';
        }
        bool each = dot != NULL && strchr(m->name, ',') == NULL &&
                    json_is_array(json_object_get(values, name));
        free(name);
        if (!condition_holds(values, NULL, m->only_if)) {
            continue;
        }
        if (each) {
            missing_of_each(list, m, values);
        } else if (value_of(values, NULL, m->name) == NULL) {
            add_missing(list, m, "");
        }
    }
    return list;
}
