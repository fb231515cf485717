/* client/form_text.c — see form_text.h. */
#include "client/form_text.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/view.h"

#include <string.h>

#define WIDE_COLON "："
#define WIDE_SPACE "\xE3\x80\x80"
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* Each line of text behind `mark`. */
static void add_lines(struct buf *out, const char *first, const char *mark, const char *text)
{
    const char *lead = first;
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        buf_addf(out, "%s%.*s\n", len == 0 ? "" : lead, (int)len, text);
        text += len + (text[len] == '\n');
        lead = mark;
    }
}

void form_text_explain(struct buf *out, const char *text)
{
    add_lines(out, "# ", "# ", text);
}

void form_text_add(struct buf *out, const char *name, const char *value)
{
    buf_addf(out, "%s:%s", name, value != NULL && *value != '\0' ? " " : "\n");
    if (value != NULL) {
        add_lines(out, "", "  ", value);
    }
}

/* "必填；是/否": what stands behind a title. Caller owns. */
static char *about_field(const json_t *field)
{
    const char *type = json_text(field, "type");
    const json_t *choices = json_member(field, "choices");
    struct buf out = {0};
    if (json_flag(field, "required")) {
        buf_adds(&out, _("must be filled in"));
    }
    const char *kind = text_equal(type, "bool")      ? _("yes/no")
                       : text_equal(type, "date")    ? _("date")
                       : text_equal(type, "money")   ? _("yuan")
                       : text_equal(type, "integer") ? _("whole number")
                                                     : "";
    for (size_t i = 0; i < json_array_size(choices); i++) {
        buf_addf(&out, "%s%s",
            i > 0         ? "/"
            : out.len > 0 ? view_semicolon()
                          : "",
            json_string_value(json_array_get(choices, i)));
    }
    if (*kind != '\0') {
        buf_addf(&out, "%s%s", out.len > 0 ? view_semicolon() : "", kind);
    }
    return buf_take(&out);
}

void form_text_fields(struct buf *out, const json_t *fields, const json_t *values)
{
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *f = json_array_get(fields, i);
        const char *name = json_text(f, "name");
        const char *title = json_text(f, "title") != NULL ? json_text(f, "title") : name;
        if (name == NULL) {
            continue;
        }
        json_t *value = json_member(values, name);
        value = value != NULL ? value : json_member(values, title);
        char *about = about_field(f);
        char *text = view_scalar(value);
        if (*about != '\0') {
            char *line =
                mem_printf(lang_current() == LANG_ZH ? "%s（%s）" : "%s (%s)", title, about);
            form_text_explain(out, line);
            mem_free(line);
        }
        form_text_add(out, title, text);
        mem_free(text);
        mem_free(about);
    }
}

/* A line that goes on with the value above: how many bytes of indent it has, or 0. */
static size_t indent_of(const char *line)
{
    return text_starts(line, "  ")         ? 2
           : *line == '\t'                 ? 1
           : text_starts(line, WIDE_SPACE) ? strlen(WIDE_SPACE)
                                           : 0;
}

struct reading {
    json_t *values;
    char *name; /* owned; of the value being read; NULL before the first */
    struct buf value;
    size_t blank; /* lines without text that may belong to the value */
};

static bool end_value(struct reading *r, struct err *err)
{
    char *name = r->name;
    bool ok = true;
    r->name = NULL;
    r->blank = 0;
    if (name != NULL && r->value.len > 0) {
        ok = json_object_get(r->values, name) == NULL ||
             err_set(err, ERR_PARAMS, _("“%s” is given twice."), name);
        json_put_text(r->values, name, buf_text(&r->value));
    }
    buf_clear(&r->value);
    mem_free(name);
    return ok;
}

static bool begin_value(struct reading *r, char *line, int no, struct err *err)
{
    char *colon = strchr(line, ':');
    char *wide = strstr(line, WIDE_COLON);
    size_t skip = 1;
    if (wide != NULL && (colon == NULL || wide < colon)) {
        colon = wide;
        skip = strlen(WIDE_COLON);
    }
    if (colon == NULL || colon == line) {
        err_set(err, ERR_PARAMS, _("Line %d is no “name: value”: %.60s"), no, line);
        return err_hint(
            err, "%s", _("A value of several lines goes on in lines that begin with two spaces."));
    }
    *colon = '\0';
    size_t len = strlen(line);
    while (len > 0 && strchr(" \t", line[len - 1]) != NULL) {
        line[--len] = '\0';
    }
    r->name = mem_strdup(line);
    const char *value = colon + skip;
    buf_adds(&r->value, value + strspn(value, " \t"));
    return true;
}

static bool read_line(struct reading *r, char *line, int no, struct err *err)
{
    size_t len = strlen(line);
    while (len > 0 && strchr(" \t\r", line[len - 1]) != NULL) {
        line[--len] = '\0';
    }
    size_t indent = indent_of(line);
    if (len == 0) {
        r->blank++;
        return true;
    }
    if (indent > 0 && r->name != NULL) {
        for (; r->blank > 0 && r->value.len > 0; r->blank--) {
            buf_addc(&r->value, '\n');
        }
        buf_addf(&r->value, "%s%s", r->value.len > 0 ? "\n" : "", line + indent);
        r->blank = 0;
        return true;
    }
    if (*line == '#') {
        return true;
    }
    return end_value(r, err) && begin_value(r, line, no, err);
}

json_t *form_text_read(const char *text, size_t len, struct err *err)
{
    if (!utf8_valid(text, len) || strlen(text) != len) {
        err_set(err, ERR_PARSE, "%s", _("The form is no UTF-8 text."));
        err_hint(err, "%s", _("Save it as UTF-8 and try again."));
        return NULL;
    }
    text += text_starts(text, BYTE_ORDER_MARK) ? strlen(BYTE_ORDER_MARK) : 0;
    if (text[strspn(text, " \t\r\n")] == '{') {
        json_t *object = json_parse(text, strlen(text), err);
        if (object != NULL && !json_is_object(object)) {
            err_set(err, ERR_PARSE, "%s", _("The form is no JSON object."));
            json_decref(object);
            object = NULL;
        }
        return object;
    }
    struct reading r = {.values = json_object()};
    char *copy = mem_strdup(text);
    char *rest = copy;
    bool ok = true;
    int no = 0;
    for (char *line; ok && (line = strsep(&rest, "\n")) != NULL;) {
        ok = read_line(&r, line, ++no, err);
    }
    ok = ok && end_value(&r, err);
    mem_free(copy);
    mem_free(r.name);
    buf_close(&r.value);
    if (!ok) {
        json_decref(r.values);
        return NULL;
    }
    return r.values;
}
