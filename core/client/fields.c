/* client/fields.c — see fields.h. */
#include "client/fields.h"

#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/home.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define WIDE_EQUAL "＝"
#define WIDE_AT "＠"

static bool add_file(json_t *object, const char *name, const char *file, struct err *err)
{
    size_t len = 0;
    char *text = home_read(strcmp(file, "-") == 0 ? "/dev/stdin" : file, &len);
    if (text == NULL) {
        return err_set(err, ERR_FILE, _("%s cannot be read."), file);
    }
    bool ok = utf8_valid(text, len) && strlen(text) == len;
    if (ok) {
        while (len > 0 && strchr("\r\n", text[len - 1]) != NULL) {
            text[--len] = '\0';
        }
        json_put_text(object, name, text);
    } else {
        err_set(err, ERR_PARSE, _("%s is no UTF-8 text."), file);
        err_hint(err, _("Save it as UTF-8 and try again."));
    }
    mem_free(text);
    return ok;
}

static bool add_value(json_t *object, const char *name, const char *value, struct err *err)
{
    if (!utf8_valid(name, strlen(name)) || !utf8_valid(value, strlen(value))) {
        return err_set(err, ERR_PARAMS, _("The command line is not UTF-8."));
    }
    size_t at = *value == '@' ? 1 : text_starts(value, WIDE_AT) ? strlen(WIDE_AT) : 0;
    if (at == 0 || value[at] == '\0') {
        json_put_text(object, name, value);
        return true;
    }
    if (value[at] == '@') {
        json_put_text(object, name, value + at);
        return true;
    }
    return add_file(object, name, value + at, err);
}

bool fields_add(json_t *object, const char *word, struct err *err)
{
    const char *equal = strchr(word, '=');
    const char *wide = strstr(word, WIDE_EQUAL);
    size_t skip = 1;
    if (wide != NULL && (equal == NULL || wide < equal)) {
        equal = wide;
        skip = strlen(WIDE_EQUAL);
    }
    if (equal == NULL || equal == word) {
        err_set(err, ERR_PARAMS, _("“%s” is no FIELD=VALUE."), word);
        return err_hint(
            err, _("Write FIELD=VALUE without spaces, or FIELD=@FILE for a text in a file."));
    }
    char *name = mem_strndup(word, (size_t)(equal - word));
    bool ok = json_object_get(object, name) == NULL
                  ? add_value(object, name, equal + skip, err)
                  : err_set(err, ERR_PARAMS, _("“%s” is given twice."), name);
    mem_free(name);
    return ok;
}

json_t *fields_of(const char *const words[], size_t count, struct err *err)
{
    json_t *object = json_object();
    for (size_t i = 0; i < count; i++) {
        if (!fields_add(object, words[i], err)) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static const struct unit_word {
    const char *word, *unit;
} unit_words[] = {
    {"h", "h"},
    {"hour", "h"},
    {"hours", "h"},
    {"小时", "h"},
    {"d", "d"},
    {"day", "d"},
    {"days", "d"},
    {"日", "d"},
    {"天", "d"},
    {"wd", "wd"},
    {"workday", "wd"},
    {"workdays", "wd"},
    {"工作日", "wd"},
    {"个工作日", "wd"},
    {"mon", "mon"},
    {"month", "mon"},
    {"months", "mon"},
    {"月", "mon"},
    {"个月", "mon"},
    {"yr", "yr"},
    {"year", "yr"},
    {"years", "yr"},
    {"年", "yr"},
};

bool fields_span(const char *text, int *n_out, const char **unit_out)
{
    char *folded = text_fold(text);
    char *end = folded;
    long n = isdigit((unsigned char)*folded) ? strtol(folded, &end, 10) : -1;
    while (*end == ' ') {
        end++;
    }
    bool found = false;
    for (size_t i = 0; i < sizeof unit_words / sizeof unit_words[0] && n >= 0 && n <= 10000; i++) {
        if (strcmp(end, unit_words[i].word) == 0) {
            *n_out = (int)n;
            *unit_out = unit_words[i].unit;
            found = true;
        }
    }
    mem_free(folded);
    return found;
}

bool fields_duration(const char *text, int64_t *ms_out, struct err *err)
{
    int n;
    const char *unit;
    if (!fields_span(text, &n, &unit) || (strcmp(unit, "d") != 0 && strcmp(unit, "h") != 0)) {
        err_set(err, ERR_PARAMS, _("“%s” is neither a time nor a length."), text);
        return err_hint(err, _("Write 2026-12-01, 2026-12-01T09:00:00, 3d or 12h."));
    }
    *ms_out = n * (strcmp(unit, "d") == 0 ? MS_PER_DAY : MS_PER_HOUR);
    return true;
}
