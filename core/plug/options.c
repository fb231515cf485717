/* plug/options.c — flatten, find the row, check the value, fill in defaults. */
#include "plug/options.h"

#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    NAMES_MAX = 128,      /* more options than this no table has; nearest names stop there */
    NAME_BYTES_MAX = 128, /* of a dotted name */
};

bool options_span(const char *text, int64_t *ms_out)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", MS_PER_SECOND}, {"m", MS_PER_MINUTE}, {"h", MS_PER_HOUR},
        {"d", MS_PER_DAY}};
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9) {
        return false;
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(text + digits, units[i].unit) == 0) {
            *ms_out = strtoll(text, NULL, 10) * units[i].ms;
            return true;
        }
    }
    return false;
}

static const struct fq_option *find_row(const struct module *m, const char *name)
{
    const struct fq_option *row;
    for (size_t i = 0; (row = module_option(m, i)) != NULL; i++) {
        if (strcmp(row->name, name) == 0) {
            return row;
        }
    }
    return NULL;
}

static bool unknown_option(const struct module *m, const char *name, struct err *err)
{
    const char *names[NAMES_MAX];
    size_t count = 0;
    const struct fq_option *row;
    for (size_t i = 0; count < NAMES_MAX && (row = module_option(m, i)) != NULL; i++) {
        names[count++] = row->name;
    }
    err_set(err, ERR_CONFIG, _("plugin %s has no option \"%s\""), m->api.name, name);
    const char *near = text_nearest(name, names, count);
    if (near != NULL) {
        err_hint(err, _("did you mean \"%s\"?"), near);
    }
    return false;
}

static bool wrong_kind(const struct module *m, const struct fq_option *row, struct err *err)
{
    static const char *const expected[] = {
        [FQ_OPTION_TEXT] = N_("a text in quotes"),
        [FQ_OPTION_NUMBER] = N_("a whole number"),
        [FQ_OPTION_FLAG] = N_("true or false"),
        [FQ_OPTION_SPAN] = N_("a time such as \"30s\", \"10m\", \"2h\" or \"1d\""),
        [FQ_OPTION_MAP] = N_("a table of texts"),
    };
    return err_set(err, ERR_CONFIG, _("plugin %s, option %s: expected %s"), m->api.name, row->name,
        _(expected[row->kind]));
}

static bool in_limits(
    const struct module *m, const struct fq_option *row, int64_t number, struct err *err)
{
    if ((row->min == 0 && row->max == 0) || (number >= row->min && number <= row->max)) {
        return true;
    }
    const char *unit = row->kind == FQ_OPTION_SPAN ? " ms" : "";
    return err_set(err, ERR_CONFIG, _("plugin %s, option %s: %lld%s is outside %lld to %lld%s"),
        m->api.name, row->name, (long long)number, unit, (long long)row->min, (long long)row->max,
        unit);
}

static bool is_text_map(const json_t *value)
{
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)value, key, member)
    {
        if (!json_is_string(member)) {
            return false;
        }
    }
    return json_is_object(value);
}

/* One value of the configuration into `values`. */
static bool take_value(const struct module *m, const struct fq_option *row, const json_t *value,
    json_t *values, struct err *err)
{
    int64_t number = 0;
    switch (row->kind) {
    case FQ_OPTION_TEXT:
        if (!json_is_string(value)) {
            return wrong_kind(m, row, err);
        }
        json_object_set(values, row->name, (json_t *)value);
        return true;
    case FQ_OPTION_MAP: {
        if (!is_text_map(value)) {
            return wrong_kind(m, row, err);
        }
        char *text = json_compact(value);
        json_object_set_new(values, row->name, json_string(text));
        free(text);
        return true;
    }
    case FQ_OPTION_NUMBER:
        if (!json_is_integer(value)) {
            return wrong_kind(m, row, err);
        }
        number = json_integer_value(value);
        break;
    case FQ_OPTION_FLAG:
        if (!json_is_boolean(value)) {
            return wrong_kind(m, row, err);
        }
        number = json_is_true(value);
        break;
    case FQ_OPTION_SPAN:
        if (!json_is_string(value) || !options_span(json_string_value(value), &number)) {
            return wrong_kind(m, row, err);
        }
        break;
    default:
        return err_set(err, ERR_PLUGIN, _("plugin %s, option %s: of an unknown kind (%d)"),
            m->api.name, row->name, row->kind);
    }
    if (row->kind != FQ_OPTION_FLAG && !in_limits(m, row, number, err)) {
        return false;
    }
    json_object_set_new(values, row->name, json_integer(number));
    return true;
}

/* {"smtp": {"url": …}} and {"smtp.url": …} mean the same. */
static bool take_table(const struct module *m, const char *prefix, const json_t *given,
    json_t *values, struct err *err)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)given, key, value)
    {
        char name[NAME_BYTES_MAX];
        int len = snprintf(name, sizeof(name), "%s%s%s", prefix, *prefix ? "." : "", key);
        if (len < 0 || (size_t)len >= sizeof(name)) {
            return unknown_option(m, key, err);
        }
        const struct fq_option *row = find_row(m, name);
        bool good = row != NULL             ? take_value(m, row, value, values, err)
                    : json_is_object(value) ? take_table(m, name, value, values, err)
                                            : unknown_option(m, name, err);
        if (!good) {
            return false;
        }
    }
    return true;
}

/* A default is written as the configuration would write it: JSON for numbers, flags and maps. */
static bool take_default(
    const struct module *m, const struct fq_option *row, json_t *values, struct err *err)
{
    bool bare = row->kind == FQ_OPTION_TEXT || row->kind == FQ_OPTION_SPAN;
    json_t *value = bare ? json_string(row->otherwise) : json_parse_own(row->otherwise);
    bool good = take_value(m, row, value, values, err);
    json_decref(value);
    return good;
}

static bool fill_in(const struct module *m, json_t *values, struct err *err)
{
    const struct fq_option *row;
    for (size_t i = 0; (row = module_option(m, i)) != NULL; i++) {
        if (json_object_get(values, row->name) != NULL) {
            continue;
        }
        if (row->required) {
            err_set(
                err, ERR_CONFIG, _("plugin %s: the option %s is missing"), m->api.name, row->name);
            return err_hint(err, "%s", row->help == NULL ? "" : lang_text(row->help));
        }
        if (row->otherwise != NULL && !take_default(m, row, values, err)) {
            return false;
        }
    }
    return true;
}

json_t *options_check(const struct module *m, const json_t *given, struct err *err)
{
    json_t *values = json_object();
    if (given != NULL && !json_is_object(given)) {
        /* An empty Lua table is an empty list. */
        if (!json_is_array(given) || json_array_size(given) > 0) {
            err_set(err, ERR_CONFIG, _("plugin %s: its options must be a table"), m->api.name);
            json_decref(values);
            return NULL;
        }
        given = NULL;
    }
    if ((given != NULL && !take_table(m, "", given, values, err)) || !fill_in(m, values, err)) {
        json_decref(values);
        return NULL;
    }
    return values;
}
