/* client/desk/field.c — see field.h. */
#include "client/desk/field.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/cells.h"
#include "client/page.h"
#include "client/view.h"
#include "client/when.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { ONE_LINE_CHARS = 200, INLINE_CELLS = 44, INLINE_MAX = 5 };

static const struct {
    const char *name;
    enum field_type type;
} types[] = {{"bool", FIELD_CHOICE}, {"flag", FIELD_CHOICE}, {"choice", FIELD_CHOICE},
    {"date", FIELD_DATE}, {"money", FIELD_MONEY}, {"integer", FIELD_INTEGER},
    {"place", FIELD_LOOKUP}, {"body", FIELD_LOOKUP}, {"user", FIELD_LOOKUP}};

static bool is_bool(const struct field *f)
{
    const char *type = json_text(f->spec, "type");
    return text_equal(type, "bool") || text_equal(type, "flag");
}

void field_init(struct field *f, const json_t *spec)
{
    memset(f, 0, sizeof *f);
    f->spec = spec;
    f->chosen = -1;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        f->type = text_equal(json_text(spec, "type"), types[i].name) ? types[i].type : f->type;
    }
    json_t *choices = json_member(spec, "choices");
    if (is_bool(f)) {
        f->choices = json_pack("[s, s]", _("yes"), _("no"));
    } else if (json_array_size(choices) > 0) {
        f->type = FIELD_CHOICE;
        f->choices = json_incref(choices);
    }
    size_t max = (size_t)json_number(spec, "max_chars", 2000);
    bool many = f->type == FIELD_TEXT && max > ONE_LINE_CHARS;
    edit_init(&f->edit, NULL, f->type == FIELD_TEXT ? max : 40, many);
    f->edit.hidden = text_equal(json_text(spec, "type"), "secret");
    const json_t *value = json_object_get(spec, "value");
    if (value != NULL) {
        field_set(f, value);
    }
}

void field_close(struct field *f)
{
    edit_close(&f->edit);
    json_decref(f->choices);
    mem_free(f->id);
    mem_free(f->name);
    mem_free(f->refused);
}

const char *field_title(const struct field *f)
{
    const char *title = page_named(f->spec, "title");
    return title != NULL ? title : json_text(f->spec, "name");
}

bool field_required(const struct field *f)
{
    return json_flag(f->spec, "required");
}

bool field_is_inline(const struct field *f)
{
    int cells = 0;
    size_t n = json_array_size(f->choices);
    for (size_t i = 0; i < n; i++) {
        cells += 7 + cells_width(json_string_value(json_array_get(f->choices, i)));
    }
    return f->type == FIELD_CHOICE && n <= INLINE_MAX && cells <= INLINE_CELLS;
}

bool field_is_empty(const struct field *f)
{
    return f->type == FIELD_CHOICE   ? f->chosen < 0
           : f->type == FIELD_LOOKUP ? f->id == NULL
                                     : strspn(buf_text(&f->edit.text), " \n") == f->edit.text.len;
}

void field_choose(struct field *f, const char *id, const char *name)
{
    mem_free(f->id);
    mem_free(f->name);
    f->id = mem_strdup(id);
    f->name = mem_strdup(name != NULL ? name : id);
}

static bool press_choice(struct field *f, struct press p)
{
    int count = (int)json_array_size(f->choices);
    int digit = press_digit(p);
    if (digit > 0 && digit <= count && count <= 9) {
        f->chosen = digit - 1;
    } else if (p.code == PRESS_RIGHT || press_char(p) == ' ') {
        f->chosen = (f->chosen + 1) % (count > 0 ? count : 1);
    } else if (p.code == PRESS_LEFT) {
        f->chosen = f->chosen <= 0 ? count - 1 : f->chosen - 1;
    } else if (p.code == PRESS_ERASE || p.code == PRESS_DELETE) {
        f->chosen = -1;
    } else {
        return p.code == PRESS_TEXT; /* no other character means anything here */
    }
    return true;
}

bool field_press(struct field *f, struct press p)
{
    mem_free(f->refused);
    f->refused = NULL;
    if (f->type == FIELD_CHOICE) {
        return press_choice(f, p);
    }
    if (f->type == FIELD_LOOKUP) {
        bool clear = p.code == PRESS_ERASE || p.code == PRESS_DELETE;
        if (clear) {
            field_choose(f, NULL, NULL);
        }
        return clear;
    }
    if (f->type != FIELD_TEXT && p.code == PRESS_TEXT) {
        p.ch = press_char(p); /* digits of an input method are digits */
    }
    return edit_press(&f->edit, p);
}

/* --- checks ---------------------------------------------------------------------------- */

static char *number_problem(const char *typed, bool money)
{
    char *text = text_fold(typed);
    size_t whole = strspn(text, "0123456789");
    bool ok = whole > 0 && text[whole] == '\0';
    if (money && whole > 0 && text[whole] == '.') {
        size_t part = strspn(text + whole + 1, "0123456789");
        ok = part >= 1 && part <= 2 && text[whole + 1 + part] == '\0';
    }
    mem_free(text);
    return ok      ? NULL
           : money ? mem_strdup(_("an amount in yuan, for example 1200 or 1200.50"))
                   : mem_strdup(_("a whole number"));
}

char *field_problem(const struct field *f, struct date today)
{
    const char *typed = buf_text(&f->edit.text);
    if (f->refused != NULL) {
        return mem_strdup(f->refused);
    }
    if (field_is_empty(f)) {
        return field_required(f) ? mem_strdup(_("must be filled in")) : NULL;
    }
    if (f->type == FIELD_MONEY || f->type == FIELD_INTEGER) {
        return number_problem(typed, f->type == FIELD_MONEY);
    }
    if (f->type == FIELD_DATE) {
        struct err err = {0};
        char *date = when_read(typed, today, &err);
        bool ok = date != NULL;
        mem_free(date);
        err_clear(&err);
        return ok ? NULL : mem_strdup(_("no such date; for example 2026-12-15, 12月15日 or 明天"));
    }
    return NULL;
}

static const char *weekday(struct date d)
{
    static const char *const names[] = {N_("Monday"), N_("Tuesday"), N_("Wednesday"),
        N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday")};
    return _(names[date_weekday(d) - 1]);
}

/* Is it a day of work? The calendar says where a period that ends there would roll to. */
static char *day_note(struct desk *d, struct date day)
{
    char before[DATE_TEXT];
    char date[DATE_TEXT];
    date_format(date_add_days(day, -1), before);
    date_format(day, date);
    json_t *params = json_pack("{s:s, s:i, s:s}", "start", before, "n", 1, "unit", "d");
    const json_t *due = reads_get(d->reads, "calendar.due", params).result;
    json_decref(params);
    const char *legal = json_text(due, "legal");
    if (legal == NULL) {
        return mem_strdup(weekday(day));
    }
    return strcmp(legal, date) == 0
               ? mem_printf(_("%s, a day of work"), weekday(day))
               : mem_printf(_("%s, no day of work; the next is %s"), weekday(day), legal);
}

char *field_note(const struct field *f, struct desk *d, struct date today)
{
    struct date day;
    if (f->type == FIELD_DATE && !field_is_empty(f)) {
        struct err err = {0};
        char *text = when_read(buf_text(&f->edit.text), today, &err);
        bool ok = text != NULL && strlen(text) >= 10;
        if (ok) {
            text[10] = '\0';
            ok = date_parse(text, &day);
        }
        char *note = ok ? day_note(d, day) : NULL;
        char *whole = ok ? mem_printf("%s %s", text, note) : NULL;
        mem_free(note);
        mem_free(text);
        err_clear(&err);
        return whole;
    }
    if (f->type == FIELD_MONEY) {
        return mem_strdup(_("yuan"));
    }
    return NULL;
}

/* --- values ---------------------------------------------------------------------------- */

json_t *field_value(const struct field *f, struct date today)
{
    const char *typed = buf_text(&f->edit.text);
    if (field_is_empty(f)) {
        return NULL;
    }
    if (f->type == FIELD_LOOKUP) {
        return json_string(f->id);
    }
    if (f->type == FIELD_CHOICE) {
        const json_t *values = json_member(f->spec, "values");
        return is_bool(f) ? json_boolean(f->chosen == 0)
                          : json_incref(json_array_get(
                                values != NULL ? values : f->choices, (size_t)f->chosen));
    }
    if (f->type == FIELD_TEXT) {
        return json_string(typed);
    }
    char *text = f->type == FIELD_DATE ? when_read(typed, today, NULL) : text_fold(typed);
    json_t *value = json_string(text);
    mem_free(text);
    return value;
}

json_t *field_save(const struct field *f)
{
    if (field_is_empty(f)) {
        return NULL;
    }
    return f->type == FIELD_CHOICE   ? json_integer(f->chosen)
           : f->type == FIELD_LOOKUP ? json_pack("[s, s]", f->id, f->name)
                                     : json_string(buf_text(&f->edit.text));
}

void field_load(struct field *f, const json_t *saved)
{
    int count = (int)json_array_size(f->choices);
    if (f->type == FIELD_CHOICE && json_is_integer(saved)) {
        int chosen = (int)json_integer_value(saved);
        f->chosen = chosen >= 0 && chosen < count ? chosen : -1;
    } else if (f->type == FIELD_LOOKUP && json_array_size(saved) == 2) {
        field_choose(f, json_string_value(json_array_get(saved, 0)),
            json_string_value(json_array_get(saved, 1)));
    } else if (json_is_string(saved)) {
        edit_set(&f->edit, json_string_value(saved));
    }
}

void field_set(struct field *f, const json_t *value)
{
    const json_t *values = json_member(f->spec, "values");
    const json_t *words = values != NULL ? values : f->choices;
    char *text = view_scalar(value);
    if (is_bool(f)) {
        f->chosen = json_is_boolean(value) ? !json_is_true(value) : f->chosen;
    } else if (f->type == FIELD_CHOICE) {
        for (size_t i = 0; i < json_array_size(words); i++) {
            f->chosen =
                text_equal(json_string_value(json_array_get(words, i)), text) ? (int)i : f->chosen;
        }
    } else if (f->type == FIELD_LOOKUP) {
        field_choose(f, text, text);
    } else {
        edit_set(&f->edit, text);
    }
    mem_free(text);
}
