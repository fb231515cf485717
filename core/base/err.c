/* base/err.c — see err.h. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct err_info infos[ERR_COUNT] = {[ERR_NONE] = {"ERR_NONE", 0, "ok", 0, false},
#define X(name, rpc, kind, exit_code, retry) [name] = {#name, rpc, kind, exit_code, retry},
    ERR_LIST(X)
#undef X
};

const struct err_info *err_info(enum err_code code)
{
    return &infos[code < ERR_COUNT ? code : ERR_INTERNAL];
}

enum err_code err_code_of_kind(const char *kind)
{
    for (int i = 1; i < ERR_COUNT; i++) {
        if (kind != NULL && strcmp(infos[i].kind, kind) == 0) {
            return (enum err_code)i;
        }
    }
    return ERR_INTERNAL;
}

/* vsnprintf that never leaves half a UTF-8 sequence at the end. */
static void format_whole(char *out, size_t size, const char *fmt, va_list args)
{
    int len = vsnprintf(out, size, fmt, args);
    if (len < 0 || (size_t)len < size) {
        return;
    }
    size_t end = size - 1;
    while (end > 0 && ((unsigned char)out[end - 1] & 0xC0) == 0x80) {
        end--;
    }
    if (end > 0 && (unsigned char)out[end - 1] >= 0xC0) {
        end--;
    }
    out[end] = '\0';
}

bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
    if (err == NULL) {
        return false;
    }
    err_clear(err);
    err->code = code;
    va_list args;
    va_start(args, fmt);
    format_whole(err->message, sizeof err->message, fmt, args);
    va_end(args);
    return false;
}

bool err_hint(struct err *err, const char *fmt, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, fmt);
        format_whole(err->hint, sizeof err->hint, fmt, args);
        va_end(args);
    }
    return false;
}

static void put_before(struct err *err, const char *prefix, ...)
{
    va_list args;
    va_start(args, prefix);
    format_whole(err->message, sizeof err->message, "%s%s", args);
    va_end(args);
}

bool err_prefix(struct err *err, const char *fmt, ...)
{
    if (err != NULL) {
        char prefix[512];
        char old[sizeof err->message];
        va_list args;
        va_start(args, fmt);
        format_whole(prefix, sizeof prefix, fmt, args);
        va_end(args);
        memcpy(old, err->message, sizeof old);
        put_before(err, prefix, prefix, old);
    }
    return false;
}

bool err_data(struct err *err, const char *key, json_t *value)
{
    if (err == NULL) {
        json_decref(value);
        return false;
    }
    if (err->data == NULL) {
        err->data = json_object();
    }
    json_object_set_new(err->data, key, value);
    return false;
}

void err_clear(struct err *err)
{
    if (err != NULL) {
        json_decref(err->data);
        memset(err, 0, sizeof *err);
    }
}
