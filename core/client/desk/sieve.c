/* client/desk/sieve.c — see sieve.h. */
#include "client/desk/sieve.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/view.h"

static const char *late_value(const json_t *row)
{
    const json_t *due = json_member(row, "due");
    bool late = text_equal(json_text(due, "colour"), "red") && json_number(due, "days", 0) < 0;
    return late ? _("late") : NULL;
}

static const char *task_value(const json_t *row)
{
    return json_text(json_member(row, "task"), "title");
}

static const char *person_value(const json_t *row)
{
    const char *name = json_text(row, "assignee_name");
    return name != NULL ? name : _("nobody yet");
}

static const char *state_value(const json_t *row)
{
    return json_text(row, "state_title");
}

static const char *flow_value(const json_t *row)
{
    return json_text(row, "flow_title");
}

static const char *place_value(const json_t *row)
{
    return json_text(row, "place_name");
}

/* Some rows may have no value of a kind. */
static const struct {
    const char *member;
    const char *title; /* N_ */
    const char *(*value)(const json_t *row);
} kinds[] = {
    {"late", N_("time"), late_value},
    {"task", N_("for you"), task_value},
    {"state", N_("state"), state_value},
    {"person", N_("with"), person_value},
    {"flow", N_("kind of case"), flow_value},
    {"place", N_("place"), place_value},
};

static void count_value(json_t *counts, const char *value)
{
    if (value != NULL) {
        json_put_number(counts, value, json_number(counts, value, 0) + 1);
    }
}

json_t *sieve_offers(const json_t *rows)
{
    json_t *offers = json_array();
    size_t all = json_array_size(rows);
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        json_t *counts = json_object(); /* keeps the order in which they came: the urgent first */
        const char *value;
        json_t *count;
        for (size_t i = 0; i < all; i++) {
            count_value(counts, kinds[k].value(json_array_get(rows, i)));
        }
        json_object_foreach(counts, value, count)
        {
            size_t n = (size_t)json_integer_value(count);
            if (n < all) {
                char *title = mem_printf("%s%s%s", _(kinds[k].title), view_colon(), value);
                char *note = mem_printf(_("%zu of %zu"), n, all);
                json_array_append_new(
                    offers, json_pack("{s:s, s:s, s:s, s:s}", "title", title, "note", note,
                                "member", kinds[k].member, "value", value));
                mem_free(title);
                mem_free(note);
            }
        }
        json_decref(counts);
    }
    return offers;
}

static bool fits(const json_t *one, const json_t *row)
{
    const char *member = json_text(one, "member");
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        if (text_equal(kinds[k].member, member)) {
            return text_equal(kinds[k].value(row), json_text(one, "value"));
        }
    }
    return false;
}

json_t *sieve_rows(const json_t *sieve, const json_t *rows)
{
    json_t *left = json_array();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        bool fit = true;
        for (size_t k = 0; k < json_array_size(sieve); k++) {
            fit = fit && fits(json_array_get(sieve, k), row);
        }
        if (fit) {
            json_array_append(left, row);
        }
    }
    return left;
}
