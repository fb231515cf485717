/* client/cmd_party.c — what registration left open: the parties of a case, and registered fields.
 */
#include "client/cmd.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/change.h"
#include "client/page.h"

#include <stdlib.h>
#include <string.h>

/* name=value words from the i-th on; numbers stay text. NULL with the word that is none. */
static json_t *values_of(const struct args *a, size_t i, struct err *err)
{
    json_t *values = json_object();
    for (; i < a->count; i++) {
        const char *word = args_word(a, i), *sign = strchr(word, '='), *wide = strstr(word, "＝");
        bool full = wide != NULL && (sign == NULL || wide < sign);
        sign = full ? wide : sign;
        if (sign == NULL || sign == word) {
            err_set(err, ERR_PARAMS, _("“%s” is no NAME=VALUE."), word);
            err_hint(err, "%s", _("For example phone=13900000000 or address=羊路井村"));
            json_decref(values);
            return NULL;
        }
        char *name = mem_strndup(word, (size_t)(sign - word));
        json_put_text(values, name, sign + (full ? strlen("＝") : 1));
        mem_free(name);
    }
    return values;
}

/* add, set, remove, or what they are called at a desk; NULL: none of them. */
static const char *way_of(const char *word)
{
    static const char *const rows[][2] = {{"add", "add"}, {"追加", "add"}, {"增加", "add"},
        {"set", "set"}, {"补正", "set"}, {"更正", "set"}, {"remove", "remove"}, {"移除", "remove"},
        {"删除", "remove"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (text_equal(rows[i][0], word)) {
            return rows[i][1];
        }
    }
    return NULL;
}

static bool put_number(const struct args *a, json_t *params, struct err *err)
{
    const char *word = args_word(a, 2);
    char *end = NULL;
    long no = word == NULL ? 0 : strtol(word, &end, 10);
    if (no < 1 || no > 1000 || *end != '\0') {
        err_set(err, ERR_PARAMS, "%s", _("Which party? Say its place in the list, from one."));
        return err_hint(err, _("The list: fengqiao case show %s"), args_word(a, 0));
    }
    json_put_number(params, "party", no);
    return true;
}

bool cmd_case_party(struct client *c, const struct args *a, struct err *err)
{
    const char *way = way_of(args_word(a, 1));
    if (way == NULL) {
        err_set(err, ERR_PARAMS, _("“%s” is none of add, set, remove."), args_word(a, 1));
        return err_hint(err, "%s", _("add 追加, set 补正, remove 移除"));
    }
    bool add = text_equal(way, "add"), gone = text_equal(way, "remove");
    json_t *values = values_of(a, add ? 2 : 3, err);
    if (values == NULL) {
        return false;
    }
    json_t *params = page_case_params(c, a);
    json_put_text(params, "do", way);
    if (!gone) {
        json_object_set(params, "values", values);
    }
    json_decref(values);
    json_put_text(params, "reason", args_option(a, "reason"));
    if ((!add && !put_number(a, params, err)) || (gone && !change_reason(a, params, err))) {
        json_decref(params);
        return false;
    }
    return change_send(c, "case.party", params, err);
}

bool cmd_case_correct(struct client *c, const struct args *a, struct err *err)
{
    json_t *fields = values_of(a, 1, err);
    if (fields == NULL) {
        return false;
    }
    json_t *params = page_case_params(c, a);
    json_object_set_new(params, "fields", fields);
    if (!change_reason(a, params, err)) {
        json_decref(params);
        return false;
    }
    return change_send(c, "case.correct", params, err);
}
