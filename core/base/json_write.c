/* base/json_write.c — JSON values as text; see json.h.
 *
 * The bytes are those jansson writes, and they must stay so: events are hashed as they are written.
 * Written here because an answer, an event and a snapshot per act made jansson's writer, which
 * decodes every character and asks for memory in small steps, the largest cost of an act. */
#include "base/json.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_escaped(struct buf *out, unsigned char c)
{
    static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (const char *p = named; *p != '\0'; p += 2) {
        if ((unsigned char)*p == c) {
            buf_add(out, (char[]){'\\', p[1]}, 2);
            return;
        }
    }
    buf_addf(out, "\\u%04X", c);
}

/* Bytes that go out as they are, from text on: eight at a time, each tested by arithmetic on all of
 * them (a byte below 0x20, or equal to one of the two, leaves its highest bit set). */
static size_t plain_length(const char *text, size_t len)
{
    static const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);
    size_t i = 0;
    for (uint64_t w; i + sizeof w <= len; i += sizeof w) {
        memcpy(&w, text + i, sizeof w);
        uint64_t quote = w ^ (ones * '"'), slash = w ^ (ones * '\\');
        uint64_t found =
            ((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash);
        if ((found & tops) != 0) {
            break;
        }
    }
    while (i < len && (unsigned char)text[i] >= 0x20 && text[i] != '"' && text[i] != '\\') {
        i++;
    }
    return i;
}

void json_write_text(struct buf *out, const char *text, size_t len)
{
    const char *end = text + len;
    buf_reserve(out, len + 2);
    buf_addc(out, '"');
    while (text < end) {
        size_t plain = plain_length(text, (size_t)(end - text));
        buf_add(out, text, plain);
        text += plain;
        if (text < end) {
            write_escaped(out, (unsigned char)*text++);
        }
    }
    buf_addc(out, '"');
}

void json_write_number(struct buf *out, int64_t number)
{
    char digits[24], *p = digits + sizeof digits;
    unsigned long long left =
        number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number;
    do {
        *--p = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (number < 0) {
        *--p = '-';
    }
    buf_add(out, p, (size_t)(digits + sizeof digits - p));
}

/* Rare; the shortest form of a double is jansson's business. */
static void write_real(struct buf *out, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    buf_adds(out, text);
    free(text);
}

struct member {
    const char *key;
    size_t len;
    const json_t *value;
};

static int by_key(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    int order = memcmp(x->key, y->key, x->len < y->len ? x->len : y->len);
    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

static void write_member(struct buf *out, const struct member *m, enum json_order order, bool first)
{
    if (!first) {
        buf_addc(out, ',');
    }
    json_write_text(out, m->key, m->len);
    buf_addc(out, ':');
    json_write(out, m->value, order);
}

static void write_sorted(struct buf *out, json_t *object)
{
    size_t count = json_object_size(object), n = 0;
    struct member *members = mem_array(count + 1, sizeof *members);
    for (void *i = json_object_iter(object); i != NULL; i = json_object_iter_next(object, i)) {
        members[n++] = (struct member){
            json_object_iter_key(i), json_object_iter_key_len(i), json_object_iter_value(i)};
    }
    qsort(members, n, sizeof *members, by_key);
    for (size_t i = 0; i < n; i++) {
        write_member(out, &members[i], JSON_SORTED, i == 0);
    }
    mem_free(members);
}

static void write_object(struct buf *out, json_t *object, enum json_order order)
{
    bool first = true;
    buf_addc(out, '{');
    if (order == JSON_SORTED) {
        write_sorted(out, object);
    } else {
        for (void *i = json_object_iter(object); i != NULL; i = json_object_iter_next(object, i)) {
            struct member m = {
                json_object_iter_key(i), json_object_iter_key_len(i), json_object_iter_value(i)};
            write_member(out, &m, order, first);
            first = false;
        }
    }
    buf_addc(out, '}');
}

static void write_array(struct buf *out, const json_t *array, enum json_order order)
{
    buf_addc(out, '[');
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i > 0) {
            buf_addc(out, ',');
        }
        json_write(out, json_array_get(array, i), order);
    }
    buf_addc(out, ']');
}

void json_write(struct buf *out, const json_t *value, enum json_order order)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        write_object(out, (json_t *)value, order);
        break;
    case JSON_ARRAY:
        write_array(out, value, order);
        break;
    case JSON_STRING:
        json_write_text(out, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        json_write_number(out, json_integer_value(value));
        break;
    case JSON_REAL:
        write_real(out, value);
        break;
    case JSON_TRUE:
        buf_add(out, "true", 4);
        break;
    case JSON_FALSE:
        buf_add(out, "false", 5);
        break;
    case JSON_NULL:
        buf_add(out, "null", 4);
        break;
    }
}

static char *written(const json_t *value, enum json_order order)
{
    enum { FIRST = 512 }; /* most answers and events fit after one growth */
    struct buf out = {0};
    if (value == NULL) {
        return NULL;
    }
    buf_reserve(&out, FIRST);
    json_write(&out, value, order);
    return buf_take(&out);
}

char *json_canonical(const json_t *value)
{
    return written(value, JSON_SORTED);
}

char *json_compact(const json_t *value)
{
    return written(value, JSON_AS_SET);
}
