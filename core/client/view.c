/* client/view.c — see view.h. */
#include "client/view.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/cells.h"

#include <stdlib.h>
#include <string.h>

const char *view_comma(void)
{
    return lang_current() == LANG_ZH ? "、" : ", ";
}

const char *view_colon(void)
{
    return lang_current() == LANG_ZH ? "：" : ": ";
}

char *view_scalar(const json_t *value)
{
    if (json_is_string(value)) {
        return mem_strdup(json_string_value(value));
    }
    if (json_is_integer(value)) {
        return mem_printf("%lld", (long long)json_integer_value(value));
    }
    if (json_is_real(value)) {
        return mem_printf("%.1f", json_real_value(value));
    }
    if (json_is_boolean(value)) {
        return mem_strdup(json_is_true(value) ? _("yes") : _("no"));
    }
    return mem_strdup("");
}

char *view_time(const char *instant)
{
    if (instant == NULL) {
        return mem_strdup("");
    }
    bool full = strlen(instant) >= 16 && instant[4] == '-' && instant[10] == 'T';
    return full ? mem_printf("%.10s %.5s", instant, instant + 11) : mem_strdup(instant);
}

const char *view_semicolon(void)
{
    return lang_current() == LANG_ZH ? "；" : "; ";
}

static const json_t *look_up(const json_t *row, const char *key)
{
    const char *dot = strchr(key, '.');
    if (dot == NULL) {
        return json_member(row, key);
    }
    char outer[64];
    size_t len = (size_t)(dot - key) < sizeof outer ? (size_t)(dot - key) : sizeof outer - 1;
    memcpy(outer, key, len);
    outer[len] = '\0';
    return look_up(json_member(row, outer), dot + 1);
}

static char *joined(const json_t *array)
{
    struct buf out = {0};
    for (size_t i = 0; i < json_array_size(array); i++) {
        char *part = view_scalar(json_array_get(array, i));
        buf_addf(&out, "%s%s", i > 0 ? view_comma() : "", part);
        mem_free(part);
    }
    return buf_take(&out);
}

static char *cell_text(const json_t *row, const struct view_column *column)
{
    const json_t *value = look_up(row, column->key);
    if (value == NULL && column->else_key != NULL) {
        value = look_up(row, column->else_key);
    }
    if (strcmp(column->key, "due") == 0) {
        return paint_due_words(value);
    }
    if (json_is_array(value)) {
        return joined(value);
    }
    if (json_is_string(value) &&
        (text_ends(column->key, "_at") || strcmp(column->key, "at") == 0)) {
        return view_time(json_string_value(value));
    }
    return view_scalar(value);
}

static json_t *items_of(const json_t *page)
{
    return json_is_array(page) ? (json_t *)page : json_member(page, "items");
}

/* --json=编号,事项: the titles of the table stand for its keys. Caller owns. */
static char *keys_of_titles(const char *fields, const struct view_column columns[])
{
    struct buf keys = {0};
    char *copy = mem_strdup(fields);
    char *rest = copy;
    for (char *name; (name = strsep(&rest, ",")) != NULL;) {
        const char *key = name;
        for (size_t i = 0; columns[i].title != NULL; i++) {
            if (strcmp(name, _(columns[i].title)) == 0) {
                key = columns[i].key;
            }
        }
        buf_addf(&keys, "%s%s", keys.len > 0 ? "," : "", key);
    }
    mem_free(copy);
    return buf_take(&keys);
}

void view_list(struct client *c, const json_t *page, const struct view_column columns[])
{
    if (c->output == OUTPUT_JSON) {
        const char *typed = c->json_fields;
        char *keys = typed != NULL ? keys_of_titles(typed, columns) : NULL;
        c->json_fields = keys;
        view_json(c, page);
        c->json_fields = typed;
        mem_free(keys);
        return;
    }
    struct grid *grid = grid_new();
    size_t count = 0;
    for (; columns[count].title != NULL; count++) {
        grid_column(grid, _(columns[count].title), columns[count].flexible);
    }
    const json_t *items = items_of(page);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *row = json_array_get(items, i);
        for (size_t k = 0; k < count; k++) {
            char *text = cell_text(row, &columns[k]);
            bool due = strcmp(columns[k].key, "due") == 0;
            grid_cell(grid, text, due ? paint_of_due(json_member(row, "due")) : PAINT_PLAIN);
            mem_free(text);
        }
    }
    if (c->output == OUTPUT_TABLE) {
        grid_drop_empty(grid);
    }
    struct buf same = {0};
    for (char *said;
         c->output == OUTPUT_TABLE && (said = grid_take_same(grid, c->width)) != NULL;) {
        buf_addf(&same, "%s%s", same.len > 0 ? view_semicolon() : "", said);
        mem_free(said);
    }
    if (grid_rows(grid) > 0 || c->output != OUTPUT_TABLE) {
        grid_print(grid,
            c->output == OUTPUT_CSV     ? GRID_CSV
            : c->output == OUTPUT_PLAIN ? GRID_PLAIN
                                        : GRID_TABLE,
            c->width, c->color, c->out);
    }
    grid_free(grid);
    if (same.len > 0) {
        char *mark = mem_printf("%s%s", _("The same in every row"), view_colon());
        view_item(c, c->out, mark, buf_text(&same), PAINT_DIM);
        mem_free(mark);
    }
    buf_close(&same);
}

/* Only the members named in --json=a,b; of each item when it is a page. */
static json_t *picked(const json_t *value, const char *fields)
{
    if (json_is_array(value)) {
        json_t *all = json_array();
        for (size_t i = 0; i < json_array_size(value); i++) {
            json_array_append_new(all, picked(json_array_get(value, i), fields));
        }
        return all;
    }
    json_t *items = json_member(value, "items");
    if (json_is_array(items)) {
        return picked(items, fields);
    }
    json_t *out = json_object();
    char *copy = mem_strdup(fields);
    char *rest = copy;
    for (char *name; (name = strsep(&rest, ",")) != NULL;) {
        const json_t *found = look_up(value, name);
        json_object_set(out, name, found != NULL ? (json_t *)found : json_null());
    }
    mem_free(copy);
    return out;
}

/* A name no row has, though there are rows; the first one, or NULL. Members that only some rows
 * have are known by the names below. */
static char *unknown_field(const json_t *value, const char *fields)
{
    static const char *const sometimes[] = {"due", "due_at", "closed_at", "assignee",
        "assignee_name", "task", "parties", "outcome", "mark", "category", "next", "_meta"};
    const json_t *items = items_of(value);
    size_t count = json_array_size(items);
    if (json_is_array(items) && count == 0) {
        return NULL;
    }
    char *copy = mem_strdup(fields);
    char *rest = copy;
    char *unknown = NULL;
    for (char *name; unknown == NULL && (name = strsep(&rest, ",")) != NULL;) {
        char *bare = mem_strndup(name, strcspn(name, "."));
        bool known = count == 0 && json_object_get(value, bare) != NULL;
        for (size_t i = 0; !known && i < count; i++) {
            known = json_object_get(json_array_get(items, i), bare) != NULL;
        }
        for (size_t i = 0; !known && i < sizeof sometimes / sizeof sometimes[0]; i++) {
            known = strcmp(bare, sometimes[i]) == 0;
        }
        unknown = known ? NULL : mem_strdup(bare);
        mem_free(bare);
    }
    mem_free(copy);
    return unknown;
}

/* Says which name was probably meant. The result is not printed: a program that reads a member that
 * never comes would work on nothing. */
static void refuse_field(struct client *c, const json_t *value, const char *name)
{
    enum { NAMES_MAX = 64 };
    const json_t *items = items_of(value);
    const json_t *first = json_array_size(items) > 0 ? json_array_get(items, 0) : value;
    const char *names[NAMES_MAX];
    size_t n = 0;
    struct buf all = {0};
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)first, key, member)
    {
        if (n < NAMES_MAX) {
            names[n++] = key;
            buf_addf(&all, "%s%s", all.len > 0 ? "," : "", key);
        }
    }
    struct err err = {0};
    err_set(&err, ERR_PARAMS, _("There is no member “%s” for --json."), name);
    const char *nearest = text_nearest(name, names, n);
    if (nearest != NULL) {
        err_hint(&err, _("Did you mean: %s"), nearest);
    } else {
        err_hint(&err, _("There are: %s"), buf_text(&all));
    }
    client_complain(c, &err);
    c->json_refused = true;
    err_clear(&err);
    buf_close(&all);
}

void view_json(struct client *c, const json_t *value)
{
    char *unknown = c->json_fields != NULL ? unknown_field(value, c->json_fields) : NULL;
    if (unknown != NULL) {
        refuse_field(c, value, unknown);
        mem_free(unknown);
        return;
    }
    json_t *part =
        c->json_fields != NULL ? picked(value, c->json_fields) : json_incref((json_t *)value);
    char *text = json_dumps(part, JSON_INDENT(2) | JSON_ENCODE_ANY);
    fprintf(c->out, "%s\n", text != NULL ? text : "null");
    free(text);
    json_decref(part);
}

bool view_raw(struct client *c, const json_t *result)
{
    if (c->output == OUTPUT_TABLE) {
        return false;
    }
    if (c->output == OUTPUT_JSON || !json_is_object(result)) {
        view_json(c, result);
        return true;
    }
    struct grid *grid = grid_new();
    grid_column(grid, _("field"), false);
    grid_column(grid, _("value"), true);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)result, key, value)
    {
        char *text = json_is_object(value) || json_is_array(value) ? json_compact(value)
                                                                   : view_scalar(value);
        grid_cell(grid, key, PAINT_PLAIN);
        grid_cell(grid, text, PAINT_PLAIN);
        free(text);
    }
    grid_print(grid, c->output == OUTPUT_CSV ? GRID_CSV : GRID_PLAIN, 0, false, c->out);
    grid_free(grid);
    return true;
}

void view_head(struct client *c, const char *text)
{
    char *clean = cells_clean(text);
    fprintf(
        c->out, "%s%s%s\n", paint_on(PAINT_BOLD, c->color), clean, paint_off(PAINT_BOLD, c->color));
    mem_free(clean);
}

void view_text(struct client *c, const char *text, int indent)
{
    char *wrapped = cells_wrap(text, c->width > indent + 10 ? c->width : 10000, indent);
    fprintf(c->out, "%s\n", wrapped);
    mem_free(wrapped);
}

/* A wrapped line ends where its text ends: blanks behind it are noise for who copies it. */
static void print_wrapped(
    struct client *c, FILE *out, const char *text, int indent, enum paint paint)
{
    char *wrapped = cells_wrap(text, c->width > indent + 10 ? c->width : 10000, indent);
    bool color = out == c->talk ? paint_wanted(fileno(out)) : c->color;
    fprintf(out, "%s%s%s\n", paint_on(paint, color), wrapped + strspn(wrapped, " "),
        paint_off(paint, color));
    mem_free(wrapped);
}

enum { TITLE_CELLS = 10, TITLE_CELLS_MAX = 24 };

void view_titles(struct client *c, const char *title)
{
    int width = title != NULL ? cells_width(title) : 0;
    if (width <= TITLE_CELLS_MAX && width > c->title_cells) {
        c->title_cells = width;
    }
}

void view_item(struct client *c, FILE *out, const char *mark, const char *text, enum paint paint)
{
    fputs(mark, out);
    print_wrapped(c, out, text, cells_width(mark), paint);
}

void view_line(struct client *c, const char *title, const char *value, enum paint paint)
{
    if (value == NULL || *value == '\0') {
        return;
    }
    int cells = c->title_cells > TITLE_CELLS ? c->title_cells : TITLE_CELLS;
    int pad = cells - cells_width(title);
    fputs(title, c->out);
    if (pad < 0) {
        fprintf(c->out, "\n%*s", cells + 2, ""); /* a title too long for its column */
    } else {
        fprintf(c->out, "%*s", pad + 2, "");
    }
    print_wrapped(c, c->out, value, cells + 2, paint);
}

void view_next(struct client *c, const char *label, const char *fmt, ...)
{
    if (c->output != OUTPUT_TABLE) {
        return;
    }
    va_list args;
    va_start(args, fmt);
    struct buf words = {0};
    buf_vaddf(&words, fmt, args);
    va_end(args);
    /* In the shell the program's name is not typed. */
    fprintf(c->out, "  %s%s%s%s\n", label, view_colon(), c->in_shell ? "" : "fengqiao ",
        buf_text(&words));
    buf_close(&words);
}
