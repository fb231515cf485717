/* base/json.c — see json.h. */
#include "base/json.h"

#include "base/lang.h"
#include "base/text.h"

#include <string.h>

/* Depth and control bytes in one pass over the bytes; strings are skipped. */
static bool scan(const char *text, size_t len, struct err *err)
{
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == 0) {
            return err_set(err, ERR_PARSE, _("NUL byte at position %zu"), i);
        }
        if (in_string) {
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                in_string = false;
            }
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > JSON_DEPTH_MAX) {
                return err_set(err, ERR_PARSE, _("nested deeper than %d levels at position %zu"),
                    JSON_DEPTH_MAX, i);
            }
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return true;
}

json_t *json_parse(const char *text, size_t len, struct err *err)
{
    if (len > JSON_BYTES_MAX) {
        err_set(err, ERR_PARSE, _("longer than %d bytes"), JSON_BYTES_MAX);
        return NULL;
    }
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        err_set(err, ERR_PARSE, _("starts with a byte order mark"));
        return NULL;
    }
    if (!utf8_valid(text, len)) {
        err_set(err, ERR_PARSE, _("not valid UTF-8"));
        return NULL;
    }
    if (!scan(text, len, err)) {
        return NULL;
    }
    json_error_t at;
    json_t *value = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &at);
    if (value == NULL) {
        /* What stands there is not repeated: it may be cut within a character, and it is theirs. */
        char *near = strstr(at.text, " near ");
        if (near != NULL) {
            *near = '\0';
        }
        err_set(err, ERR_PARSE, _("not valid JSON at position %d: %s"), at.position, at.text);
    }
    return value;
}

json_t *json_parse_own(const char *text)
{
    return text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

const char *json_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

int64_t json_number(const json_t *object, const char *key, int64_t otherwise)
{
    const json_t *v = json_object_get(object, key);
    return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

bool json_flag(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

json_t *json_member(const json_t *object, const char *key)
{
    json_t *v = json_object_get(object, key);
    return json_is_null(v) ? NULL : v;
}

void json_put_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL) {
        json_object_set_new(object, key, json_string(text));
    }
}

void json_put_number(json_t *object, const char *key, int64_t number)
{
    json_object_set_new(object, key, json_integer(number));
}

bool json_array_has(const json_t *array, const char *text)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (text_equal(json_string_value(json_array_get(array, i)), text)) {
            return true;
        }
    }
    return false;
}

bool json_array_add_once(json_t *array, const char *text)
{
    if (json_array_has(array, text)) {
        return false;
    }
    json_array_append_new(array, json_string(text));
    return true;
}
