/* engine/veil.c — see veil.h. */
#include "engine/veil.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/seal.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEAD = 3,         /* characters of a number that stay */
    TAIL = 4,         /* likewise at its end */
    TEXT_DIGITS = 11, /* a mobile telephone; dates, sums and case numbers are shorter */
    PARTY_DIGITS = 7, /* a party's own data: a telephone at home */
};

#define HIDDEN "***"

/* --- numbers ---------------------------------------------------------------------------------- */

char *veil_number(const char *text)
{
    size_t n = utf8_length(text);
    if (n <= HEAD + TAIL) {
        return mem_strdup("****");
    }
    return mem_printf(
        "%.*s****%s", (int)utf8_offset(text, HEAD), text, text + utf8_offset(text, n - TAIL));
}

/* Digits from here on; an identity card may end in X. */
static size_t number_length(const char *text)
{
    size_t n = strspn(text, "0123456789");
    return n == 17 && (text[n] == 'X' || text[n] == 'x') ? n + 1 : n;
}

static char *veil_long(const char *text, size_t digits)
{
    struct buf out = {0};
    while (*text != '\0') {
        size_t n = number_length(text);
        if (n >= digits) {
            buf_addf(&out, "%.*s****%.*s", HEAD, text, TAIL, text + n - TAIL);
        } else {
            n = n > 0 ? n : 1;
            buf_add(&out, text, n);
        }
        text += n;
    }
    return buf_take(&out);
}

char *veil_text(const char *text)
{
    return veil_long(text, TEXT_DIGITS);
}

/* --- parties ---------------------------------------------------------------------------------- */

static json_t *take_text(char *text)
{
    json_t *value = json_string(text);
    mem_free(text);
    return value;
}

static json_t *veil_party_value(const char *key, json_t *value)
{
    if (json_is_integer(value)) {
        char text[24];
        snprintf(text, sizeof text, "%lld", (long long)json_integer_value(value));
        return strlen(text) < PARTY_DIGITS ? json_incref(value)
                                           : take_text(veil_long(text, PARTY_DIGITS));
    }
    if (!json_is_string(value)) {
        return json_incref(value);
    }
    bool number = text_equal(key, "phone") || text_equal(key, "id_number");
    const char *text = json_string_value(value);
    return take_text(number ? veil_number(text) : veil_long(text, PARTY_DIGITS));
}

json_t *veil_parties(const json_t *parties)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(parties); i++) {
        json_t *shown = json_object(), *value;
        const char *key;
        json_object_foreach(json_array_get(parties, i), key, value)
        {
            json_object_set_new(shown, key, veil_party_value(key, value));
        }
        json_array_append_new(list, shown);
    }
    return list;
}

/* --- events ----------------------------------------------------------------------------------- */

static json_t *veil_fields(json_t *set, const struct flow *flow)
{
    json_t *shown = json_object(), *value;
    const char *name;
    json_object_foreach(set, name, value)
    {
        const struct flow_field *field = flow == NULL ? NULL : flow_field(flow, name);
        bool open = field != NULL && field->secret == NULL;
        json_object_set_new(shown, name, open ? json_incref(value) : json_string(HIDDEN));
    }
    return shown;
}

/* Free words of people in these members. */
static void veil_words(json_t *object)
{
    static const char *const words[] = {"note", "reason", "why", "text", "answer"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *text = json_text(object, words[i]);
        if (text != NULL) {
            json_object_set_new(object, words[i], take_text(veil_text(text)));
        }
    }
}

static json_t *veil_change(json_t *change, const struct flow *flow, bool secrets)
{
    json_t *shown = json_copy(change);
    static const char *const people[] = {"parties", "was", "now"}, *const fields[] = {"set", "was"};
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        json_t *list = json_object_get(change, people[i]);
        if (json_is_array(list)) {
            json_object_set_new(shown, people[i], veil_parties(list));
        }
    }
    for (size_t i = 0; !secrets && i < sizeof fields / sizeof fields[0]; i++) {
        json_t *set = json_object_get(change, fields[i]);
        if (json_is_object(set)) {
            json_object_set_new(shown, fields[i], veil_fields(set, flow));
        }
    }
    /* Of what an undo brought back the page of the case tells, under its own rights. */
    json_object_del(shown, "snapshot");
    json_object_del(shown, "fields");
    json_t *item = json_object_get(change, "item");
    if (text_equal(json_text(change, "list"), "tasks")) { /* what was asked and answered */
        item = json_copy(item);
        veil_words(item);
        json_object_set_new(shown, "item", item);
    } else if (json_flag(item, "sealed") && text_equal(json_text(item, "kind"), "to")) {
        item = json_copy(item);
        json_object_del(item, "case"); /* of a case under seal nothing is known outside */
        json_object_set_new(shown, "item", item);
    }
    veil_words(shown);
    return shown;
}

json_t *veil_event(const json_t *data, const struct flow *flow, bool secrets)
{
    if (!secrets && json_flag(data, "sealed")) {
        return seal_event(data);
    }
    json_t *shown = json_copy((json_t *)(uintptr_t)data);
    if (!json_is_object(shown)) {
        return shown;
    }
    json_t *changes = json_object_get(data, "changes"), *list = json_array();
    for (size_t i = 0; i < json_array_size(changes); i++) {
        json_array_append_new(list, veil_change(json_array_get(changes, i), flow, secrets));
    }
    json_object_set_new(shown, "changes", list);
    veil_words(shown);
    return shown;
}

/* --- for plugins ------------------------------------------------------------------------------ */

json_t *engine_event_veiled(struct engine *e, const json_t *event)
{
    const json_t *data = json_object_get(event, "data");
    const struct flow *flow = engine_flow_version(e, json_text(data, "flow_version"));
    json_t *shown = json_copy((json_t *)(uintptr_t)event);
    json_object_set_new(shown, "data", veil_event(data, flow, false));
    return shown;
}

static bool seals(const struct flow *flow, const json_t *args)
{
    return flow != NULL && flow->seal.field != NULL &&
           (text_equal(
                json_text(json_object_get(args, "fields"), flow->seal.field), flow->seal.is) ||
               text_equal(
                   json_text(json_object_get(args, "form"), flow->seal.field), flow->seal.is));
}

json_t *engine_args_veiled(struct engine *e, const struct command *c, const struct casefile *kase)
{
    static const char *const kept[] = {"flow", "action", "place", "body", "user", "clock", "task"};
    static const char *const forms[] = {"fields", "form"};
    const struct flow *flow = kase != NULL ? engine_flow_version(e, kase->flow_version)
                                           : engine_flow(e, json_text(c->args, "flow"));
    json_t *shown = json_object(), *value;
    const char *key;
    bool sealed = (kase != NULL && kase->sealed) || seals(flow, c->args);
    json_object_foreach((json_t *)(uintptr_t)c->args, key, value)
    {
        bool open = !sealed;
        for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
            open = open || strcmp(key, kept[i]) == 0;
        }
        json_object_set_new(shown, key,
            !open                   ? json_string(HIDDEN)
            : json_is_string(value) ? take_text(veil_text(json_string_value(value)))
                                    : json_incref(value));
    }
    for (size_t i = 0; !sealed && i < sizeof forms / sizeof forms[0]; i++) {
        if (json_is_object(json_object_get(shown, forms[i]))) {
            json_object_set_new(
                shown, forms[i], veil_fields(json_object_get(c->args, forms[i]), flow));
        }
    }
    if (!sealed && json_is_object(json_object_get(shown, "values"))) {
        json_t *one = json_pack("[O]", json_object_get(c->args, "values"));
        json_t *list = veil_parties(one);
        json_object_set(shown, "values", json_array_get(list, 0));
        json_decref(list);
        json_decref(one);
    }
    if (!sealed && json_is_array(json_object_get(shown, "parties"))) {
        json_object_set_new(shown, "parties", veil_parties(json_object_get(c->args, "parties")));
    }
    return shown;
}
