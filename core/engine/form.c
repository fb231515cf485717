/* engine/form.c — see form.h. */
#include "engine/form.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/engine_private.h"

enum { PARTY_CHARS_MAX = 200 };

static void problem(json_t *problems, const char *name, const char *label, const char *text)
{
    json_array_append_new(
        problems, json_pack("{s:s,s:s,s:s}", "name", name, "label", label, "problem", text));
}

static bool fail(json_t *problems, struct err *err)
{
    json_t *first = json_array_get(problems, 0);
    size_t n = json_array_size(problems);
    err_set(err, ERR_FORM, _("%s: %s"), json_text(first, "label"), json_text(first, "problem"));
    if (n > 1) {
        err_hint(err, _("%zu fields need attention"), n);
    }
    return err_data(err, "fields", problems);
}

/* Finds a given value by the field's name or title. */
static json_t *given_value(const json_t *given, const struct flow_field *field)
{
    json_t *v = json_member(given, field->name);
    return v != NULL ? v : json_member(given, field->title);
}

static bool is_empty(const json_t *v)
{
    return v == NULL || (json_is_string(v) && json_string_length(v) == 0);
}

static void take(const struct flow_field *field, bool required, const json_t *given, json_t *values,
    json_t *problems)
{
    json_t *v = given_value(given, field);
    if (is_empty(v)) {
        if (required) {
            problem(problems, field->name, field->title, _("must be filled in"));
        }
        return;
    }
    struct err err = {0};
    json_t *stored = flow_field_value(field, v, &err);
    if (stored == NULL) {
        problem(problems, field->name, field->title, err.message);
        if (err.hint[0] != '\0') { /* the values there are, or the nearest one */
            json_put_text(
                json_array_get(problems, json_array_size(problems) - 1), "hint", err.hint);
        }
    } else {
        json_object_set_new(values, field->name, stored);
    }
    err_clear(&err);
}

struct wanted {
    const struct flow_field *field;
    bool required;
};

static void refuse_unknown(
    const struct wanted wanted[], size_t count, const json_t *given, json_t *problems)
{
    const char **names = mem_array(2 * count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        names[2 * i] = wanted[i].field->name;
        names[2 * i + 1] = wanted[i].field->title;
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)given, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < 2 * count && !known; i++) {
            known = text_equal(names[i], key);
        }
        if (!known) {
            const char *near = text_nearest(key, names, 2 * count);
            char *text = near == NULL ? mem_strdup(_("is not asked here"))
                                      : mem_printf(_("is not asked here; did you mean %s?"), near);
            problem(problems, key, key, text);
            mem_free(text);
        }
    }
    mem_free(names);
}

static json_t *check(
    const struct wanted wanted[], size_t count, const json_t *given, struct err *err)
{
    json_t *values = json_object(), *problems = json_array();
    for (size_t i = 0; i < count; i++) {
        take(wanted[i].field, wanted[i].required, given, values, problems);
    }
    refuse_unknown(wanted, count, given, problems);
    if (json_array_size(problems) > 0) {
        json_decref(values);
        fail(problems, err);
        return NULL;
    }
    json_decref(problems);
    return values;
}

json_t *form_for_opening(const struct flow *flow, const json_t *given, struct err *err)
{
    struct wanted *wanted = mem_array(flow->field_count + 1, sizeof *wanted);
    size_t n = 0;
    for (size_t i = 0; i < flow->field_count; i++) {
        if (flow->fields[i].open) {
            wanted[n++] = (struct wanted){&flow->fields[i], flow->fields[i].required};
        }
    }
    json_t *values = check(wanted, n, given, err);
    mem_free(wanted);
    return values;
}

json_t *form_for_correction(const struct flow *flow, const json_t *given, struct err *err)
{
    struct wanted *wanted = mem_array(flow->field_count + 1, sizeof *wanted);
    size_t n = 0;
    for (size_t i = 0; i < flow->field_count; i++) {
        if (flow->fields[i].open) {
            bool there = given_value(given, &flow->fields[i]) != NULL;
            wanted[n++] = (struct wanted){&flow->fields[i], there};
        }
    }
    json_t *values = check(wanted, n, given, err);
    mem_free(wanted);
    return values;
}

json_t *form_for_action(
    const struct flow *flow, const struct flow_action *action, const json_t *given, struct err *err)
{
    struct wanted *wanted = mem_array(action->form_count + 1, sizeof *wanted);
    size_t n = 0;
    for (size_t i = 0; i < action->form_count; i++) {
        const struct flow_field *field = flow_field(flow, action->form[i].name);
        if (field != NULL) {
            wanted[n++] = (struct wanted){field, action->form[i].required};
        }
    }
    json_t *values = check(wanted, n, given, err);
    mem_free(wanted);
    return values;
}

static bool party_text(const json_t *v, size_t max)
{
    return json_is_string(v) && json_string_length(v) > 0 &&
           utf8_length(json_string_value(v)) <= max;
}

bool form_check_parties(const json_t *parties, struct err *err)
{
    if (parties == NULL || json_is_null(parties)) {
        return true;
    }
    if (!json_is_array(parties) || json_array_size(parties) > PARTIES_MAX) {
        return err_set(
            err, ERR_FORM, _("parties must be a list of at most %d people"), PARTIES_MAX);
    }
    for (size_t i = 0; i < json_array_size(parties); i++) {
        const json_t *p = json_array_get(parties, i);
        if (!party_text(json_object_get(p, "name"), PARTY_CHARS_MAX) ||
            !party_text(json_object_get(p, "role"), PARTY_CHARS_MAX)) {
            err_set(err, ERR_FORM, _("party %zu: name and role must be filled in"), i + 1);
            return err_hint(err, _("For example {\"role\":\"applicant\",\"name\":\"…\"}"));
        }
        const char *key;
        json_t *value;
        json_object_foreach((json_t *)p, key, value)
        {
            if (!json_is_boolean(value) && !json_is_integer(value) &&
                !(json_is_string(value) &&
                    utf8_length(json_string_value(value)) <= PARTY_CHARS_MAX)) {
                return err_set(err, ERR_FORM,
                    _("party %zu: %s must be text of at most %d characters"), i + 1, key,
                    PARTY_CHARS_MAX);
            }
        }
    }
    return true;
}
