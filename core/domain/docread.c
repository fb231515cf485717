/* domain/docread.c — see docread.h. */
#include "domain/docread.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void docread_init(struct docread *r, struct err *err)
{
    memset(r, 0, sizeof *r);
    r->err = err;
}

size_t docread_enter(struct docread *r, const char *name)
{
    size_t mark = strlen(r->path);
    snprintf(r->path + mark, sizeof r->path - mark, "%s%s", mark > 0 ? "." : "", name);
    return mark;
}

size_t docread_enter_index(struct docread *r, size_t index)
{
    size_t mark = strlen(r->path);
    snprintf(r->path + mark, sizeof r->path - mark, "[%zu]", index + 1);
    return mark;
}

void docread_leave(struct docread *r, size_t mark)
{
    r->path[mark] = '\0';
}

bool docread_fail(struct docread *r, const char *member, const char *fmt, ...)
{
    if (r->failed) {
        return false;
    }
    r->failed = true;
    char path[DOC_PATH_MAX + 64];
    bool dot = member != NULL && r->path[0] != '\0';
    snprintf(path, sizeof path, "%s%s%s", r->path, dot ? "." : "", member != NULL ? member : "");
    char message[768];
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    err_set(r->err, ERR_FORM, "%s: %s", path, message);
    return err_data(r->err, "path", json_string(path));
}

static void hint_near(struct docread *r, const char *word, const char *const names[], size_t count)
{
    const char *near = text_nearest(word, names, count);
    if (near != NULL) {
        err_hint(r->err, _("did you mean %s?"), near);
    }
}

void docread_only(struct docread *r, const json_t *object, const char *const allowed[])
{
    size_t count = 0;
    while (allowed[count] != NULL) {
        count++;
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < count && !known; i++) {
            known = strcmp(allowed[i], key) == 0;
        }
        if (known || r->failed) {
            continue;
        }
        docread_fail(r, key, _("no such member: %s"), key);
        hint_near(r, key, allowed, count);
    }
}

char *docread_text(struct docread *r, const json_t *object, const char *member, bool required)
{
    const json_t *value = json_member(object, member);
    if (value == NULL) {
        if (required) {
            docread_fail(r, member, _("is missing"));
        }
        return NULL;
    }
    if (!json_is_string(value) || json_string_length(value) == 0) {
        docread_fail(r, member, _("must be a text that is not empty"));
        return NULL;
    }
    return mem_strdup(json_string_value(value));
}

bool docread_flag(struct docread *r, const json_t *object, const char *member, bool otherwise)
{
    const json_t *value = json_member(object, member);
    if (value == NULL) {
        return otherwise;
    }
    if (!json_is_boolean(value)) {
        docread_fail(r, member, _("must be true or false"));
        return otherwise;
    }
    return json_is_true(value);
}

int docread_int(
    struct docread *r, const json_t *object, const char *member, int min, int max, int otherwise)
{
    const json_t *value = json_member(object, member);
    if (value == NULL) {
        return otherwise;
    }
    if (!json_is_integer(value) || json_integer_value(value) < min ||
        json_integer_value(value) > max) {
        docread_fail(r, member, _("must be a whole number from %d to %d"), min, max);
        return otherwise;
    }
    return (int)json_integer_value(value);
}

struct span docread_span(struct docread *r, const json_t *object, const char *member)
{
    struct span span = {0, UNIT_DAY};
    char *text = docread_text(r, object, member, false);
    struct err err = {0};
    if (text != NULL && !span_parse(text, &span, &err) && !r->failed) {
        docread_fail(r, member, "%s", err.message);
        err_hint(r->err, _("write it like \"15 days\", \"3 workdays\", \"1 month\""));
        err_clear(&err);
    }
    mem_free(text);
    return span;
}

char **docread_texts(struct docread *r, const json_t *object, const char *member, bool required)
{
    const json_t *array = docread_array(r, object, member);
    if (array == NULL || json_array_size(array) == 0) {
        if (required) {
            docread_fail(r, member, _("is missing"));
        }
        return NULL;
    }
    char **list = mem_array(json_array_size(array) + 1, sizeof *list);
    size_t i;
    json_t *item;
    json_array_foreach(array, i, item)
    {
        if (!json_is_string(item) || json_string_length(item) == 0) {
            docread_fail(r, member, _("must hold texts that are not empty"));
            list[i] = mem_strdup("");
        } else {
            list[i] = mem_strdup(json_string_value(item));
        }
    }
    return list;
}

const json_t *docread_array(struct docread *r, const json_t *object, const char *member)
{
    const json_t *value = json_member(object, member);
    if (value != NULL && !json_is_array(value)) {
        docread_fail(r, member, _("must be a list"));
        return NULL;
    }
    return value;
}

const json_t *docread_object(struct docread *r, const json_t *object, const char *member)
{
    const json_t *value = json_member(object, member);
    if (value != NULL && !json_is_object(value)) {
        docread_fail(r, member, _("must be a table with names"));
        return NULL;
    }
    return value;
}

int docread_name(struct docread *r, const json_t *object, const char *member,
    const char *const names[], int otherwise)
{
    const json_t *value = json_member(object, member);
    if (value == NULL) {
        return otherwise;
    }
    const char *text = json_string_value(value);
    size_t count = 0;
    for (; names[count] != NULL; count++) {
        if (text != NULL && strcmp(names[count], text) == 0) {
            return (int)count;
        }
    }
    if (!r->failed) {
        docread_fail(r, member, _("no such word here: %s"), text != NULL ? text : "?");
        hint_near(r, text != NULL ? text : "", names, count);
    }
    return otherwise;
}

void texts_free(char **texts)
{
    for (size_t i = 0; texts != NULL && texts[i] != NULL; i++) {
        mem_free(texts[i]);
    }
    mem_free(texts);
}
