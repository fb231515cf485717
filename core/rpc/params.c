/* rpc/params.c — the checks of params, from the row alone (see method.h).
 *
 * Every problem is collected, so that a person who fills a form corrects it once. The schema that
 * rpc.discover shows stands in the same table as the check. */
#include "rpc/params.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

enum {
    TEXT_CHARS = 10000, /* a long petition text; longer ones are attachments */
    NAME_CHARS = 128,
    LIST_ITEMS = 1000,
    ID_DIGITS = 19, /* of 2^63 - 1 */
};

typedef bool (*check_fn)(const struct param *p, const json_t *value, struct err *err);

static bool wrong(struct err *err, const char *words)
{
    return err_set(err, ERR_PARAMS, "%s", words);
}

static bool check_length(const struct param *p, const char *text, int64_t most, struct err *err)
{
    int64_t length = (int64_t)utf8_length(text);
    if (length > most) {
        return err_set(err, ERR_PARAMS, _("longer than %lld characters"), (long long)most);
    }
    if (length < p->min) {
        return err_set(err, ERR_PARAMS, _("shorter than %lld characters"), (long long)p->min);
    }
    return true;
}

static bool check_text(const struct param *p, const json_t *value, struct err *err)
{
    if (!json_is_string(value)) {
        return wrong(err, _("must be a text"));
    }
    return check_length(p, json_string_value(value), p->max != 0 ? p->max : TEXT_CHARS, err);
}

static bool check_name(const struct param *p, const json_t *value, struct err *err)
{
    if (!json_is_string(value) || json_string_length(value) == 0) {
        return wrong(err, _("must be a name"));
    }
    for (const char *c = json_string_value(value); *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F) {
            return wrong(err, _("a name holds no control characters"));
        }
    }
    return check_length(p, json_string_value(value), p->max != 0 ? p->max : NAME_CHARS, err);
}

static bool check_case(const struct param *p, const json_t *value, struct err *err)
{
    if (json_is_integer(value)) {
        return json_integer_value(value) >= 0 || wrong(err, _("must be a case number"));
    }
    return json_is_string(value) ? check_name(p, value, err)
                                 : wrong(err, _("must be a case number"));
}

static bool check_id(const struct param *p, const json_t *value, struct err *err)
{
    (void)p;
    const char *text = json_string_value(value);
    size_t digits = text != NULL ? strspn(text, "0123456789") : 0;
    bool good = text != NULL ? digits > 0 && digits < ID_DIGITS && text[digits] == '\0'
                             : json_is_integer(value) && json_integer_value(value) >= 0;
    return good || wrong(err, _("must be a number of digits only"));
}

static bool check_int(const struct param *p, const json_t *value, struct err *err)
{
    if (!json_is_integer(value)) {
        return wrong(err, _("must be a whole number"));
    }
    json_int_t n = json_integer_value(value);
    bool bounded = p->min != 0 || p->max != 0;
    return !bounded || (n >= p->min && n <= p->max) ||
           err_set(err, ERR_PARAMS, _("must be between %lld and %lld"), (long long)p->min,
               (long long)p->max);
}

static bool check_bool(const struct param *p, const json_t *value, struct err *err)
{
    (void)p;
    return json_is_boolean(value) || wrong(err, _("must be true or false"));
}

static bool check_date(const struct param *p, const json_t *value, struct err *err)
{
    (void)p;
    struct date d;
    return (json_is_string(value) && date_parse(json_string_value(value), &d)) ||
           wrong(err, _("must be a date that exists, like 2026-12-01"));
}

static bool check_instant(const struct param *p, const json_t *value, struct err *err)
{
    (void)p;
    int64_t ms;
    return (json_is_string(value) && instant_parse(json_string_value(value), &ms)) ||
           wrong(err, _("must be a time that exists, like 2026-12-01T09:30:00+08:00"));
}

static bool check_object(const struct param *p, const json_t *value, struct err *err)
{
    (void)p;
    return json_is_object(value) || wrong(err, _("must be an object"));
}

static bool check_list(const struct param *p, const json_t *value, struct err *err)
{
    int64_t most = p->max != 0 ? p->max : LIST_ITEMS;
    if (!json_is_array(value)) {
        return wrong(err, _("must be a list"));
    }
    return (int64_t)json_array_size(value) <= most ||
           err_set(err, ERR_PARAMS, _("more than %lld items"), (long long)most);
}

static bool check_any(const struct param *p, const json_t *value, struct err *err)
{
    (void)p;
    (void)value;
    (void)err;
    return true;
}

/* The words of a choice as an array of strings; new reference. */
static json_t *choices_of(const struct param *p)
{
    json_t *list = json_array();
    for (const char *at = p->choices; at != NULL && *at != '\0';) {
        size_t len = strcspn(at, " ");
        json_array_append_new(list, json_stringn(at, len));
        at += len + strspn(at + len, " ");
    }
    return list;
}

static bool check_choice(const struct param *p, const json_t *value, struct err *err)
{
    json_t *choices = choices_of(p);
    size_t count = json_array_size(choices);
    const char *text = json_string_value(value);
    bool good = text != NULL && json_array_has(choices, text);
    if (!good) {
        err_set(err, ERR_PARAMS, _("must be one of: %s"), p->choices);
        const char **names = mem_array(count + 1, sizeof *names);
        for (size_t i = 0; i < count; i++) {
            names[i] = json_string_value(json_array_get(choices, i));
        }
        const char *near = text != NULL ? text_nearest(text, names, count) : NULL;
        if (near != NULL) {
            err_data(err, "did_you_mean", json_string(near));
        }
        mem_free(names);
    }
    json_decref(choices);
    return good;
}

static const struct {
    check_fn check;
    const char *schema; /* JSON Schema of the type, before bounds */
} types[] = {
    [PARAM_TEXT] = {check_text, "{\"type\":\"string\"}"},
    [PARAM_NAME] = {check_name, "{\"type\":\"string\",\"minLength\":1}"},
    [PARAM_CASE] = {check_case, "{\"type\":[\"string\",\"integer\"]}"},
    [PARAM_ID] = {check_id, "{\"type\":[\"string\",\"integer\"],\"pattern\":\"^[0-9]+$\"}"},
    [PARAM_INT] = {check_int, "{\"type\":\"integer\"}"},
    [PARAM_BOOL] = {check_bool, "{\"type\":\"boolean\"}"},
    [PARAM_DATE] = {check_date, "{\"type\":\"string\",\"format\":\"date\"}"},
    [PARAM_INSTANT] = {check_instant, "{\"type\":\"string\",\"format\":\"date-time\"}"},
    [PARAM_CHOICE] = {check_choice, "{\"type\":\"string\"}"},
    [PARAM_OBJECT] = {check_object, "{\"type\":\"object\"}"},
    [PARAM_LIST] = {check_list, "{\"type\":\"array\"}"},
    [PARAM_ANY] = {check_any, "{}"},
};

/* --- checking ------------------------------------------------------------------------------- */

bool param_check(const struct param *p, const json_t *value, struct err *err)
{
    assert(p->type >= PARAM_TEXT && p->type <= PARAM_ANY);
    if (json_is_null(value) && (p->flags & PARAM_NULLABLE) != 0) {
        return true;
    }
    return types[p->type].check(p, value, err);
}

const struct param *param_find(const struct param *list, const char *name)
{
    for (const struct param *p = list; p->name != NULL; p++) {
        if (strcmp(p->name, name) == 0) {
            return p;
        }
    }
    return NULL;
}

static const char *nearest_param(const struct param *list, const char *name)
{
    const char *names[64];
    size_t count = 0;
    for (const struct param *p = list; p->name != NULL && count < 64; p++) {
        names[count++] = p->name;
    }
    return text_nearest(name, names, count);
}

/* Moves one problem from `found` into the list of fields. */
static void add_problem(json_t *fields, const char *name, struct err *found)
{
    json_t *row = json_object();
    json_put_text(row, "name", name);
    json_put_text(row, "problem", found->message);
    json_put_text(row, "did_you_mean", json_text(found->data, "did_you_mean"));
    json_array_append_new(fields, row);
    err_clear(found);
}

static void find_unknown(const struct method *row, const json_t *params, json_t *fields)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)params, name, value)
    {
        if (param_find(row->params, name) == NULL) {
            struct err found = {0};
            err_set(&found, ERR_PARAMS, _("unknown parameter"));
            const char *near = nearest_param(row->params, name);
            if (near != NULL) {
                err_data(&found, "did_you_mean", json_string(near));
            }
            add_problem(fields, name, &found);
        }
    }
}

static void find_wrong(const struct method *row, const json_t *params, json_t *fields)
{
    for (const struct param *p = row->params; p->name != NULL; p++) {
        struct err found = {0};
        const json_t *value = json_object_get(params, p->name);
        bool absent = value == NULL || (json_is_null(value) && (p->flags & PARAM_NULLABLE) == 0);
        if (absent && (p->flags & PARAM_REQUIRED) != 0) {
            err_set(&found, ERR_PARAMS, _("is needed: %s"), p->doc[0] != '\0' ? _(p->doc) : "");
            add_problem(fields, p->name, &found);
        } else if (!absent && !param_check(p, value, &found)) {
            add_problem(fields, p->name, &found);
        }
    }
}

/* The error out of the list: the first problem in words, the others behind it. */
static bool refuse(const struct method *row, json_t *fields, struct err *err)
{
    json_t *first = json_array_get(fields, 0);
    const char *near = json_text(first, "did_you_mean");
    size_t more = json_array_size(fields) - 1;
    err_set(err, ERR_PARAMS, "%s: %s", json_text(first, "name"), json_text(first, "problem"));
    if (near != NULL) {
        err_hint(err, _("did you mean %s?"), near);
    } else if (more > 0) {
        err_hint(err, _("%zu more problems: see data.fields"), more);
    } else {
        err_hint(err, _("rpc.discover describes %s"), row->name);
    }
    err_data(err, "field", json_incref(json_object_get(first, "name")));
    if (near != NULL) {
        err_data(err, "did_you_mean", json_string(near));
    }
    return err_data(err, "fields", json_incref(fields));
}

bool params_check(const struct method *row, const json_t *params, struct err *err)
{
    json_t *fields = json_array();
    find_unknown(row, params, fields);
    find_wrong(row, params, fields);
    bool good = json_array_size(fields) == 0 || refuse(row, fields, err);
    json_decref(fields);
    return good;
}

/* --- one form ------------------------------------------------------------------------------- */

void params_settle(const struct method *row, json_t *params)
{
    for (const struct param *p = row->params; p->name != NULL; p++) {
        const json_t *value = json_object_get(params, p->name);
        if (json_is_null(value) && (p->flags & PARAM_NULLABLE) == 0) {
            json_object_del(params, p->name);
        } else if (json_is_integer(value) && (p->type == PARAM_CASE || p->type == PARAM_ID)) {
            char *digits = mem_printf("%lld", (long long)json_integer_value(value));
            json_object_set_new(params, p->name, json_string(digits));
            mem_free(digits);
        }
    }
}

/* --- describing ----------------------------------------------------------------------------- */

static void put_bounds(json_t *schema, const struct param *p)
{
    bool text = p->type == PARAM_TEXT || p->type == PARAM_NAME;
    const char *least = text ? "minLength" : p->type == PARAM_LIST ? "minItems" : "minimum";
    const char *most = text ? "maxLength" : p->type == PARAM_LIST ? "maxItems" : "maximum";
    if (p->min != 0 || (p->max != 0 && p->type == PARAM_INT)) {
        json_put_number(schema, least, p->min);
    }
    if (p->max != 0) {
        json_put_number(schema, most, p->max);
    }
}

json_t *param_schema(const struct param *p)
{
    json_t *schema = json_parse_own(types[p->type].schema);
    put_bounds(schema, p);
    if (p->type == PARAM_CHOICE) {
        json_object_set_new(schema, "enum", choices_of(p));
    }
    if ((p->flags & PARAM_NULLABLE) != 0 && json_text(schema, "type") != NULL) {
        json_object_set_new(schema, "type", json_pack("[s, s]", json_text(schema, "type"), "null"));
    }
    return schema;
}
