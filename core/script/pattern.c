/* script/pattern.c — backtracking matcher; its depth is bounded by the number of repeats. */
#include "script/pattern.h"

#include "base/lang.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

enum { CHARGE_EVERY = 64 };

struct matcher {
    const char *text_end, *pattern_end;
    struct pattern_match *match;
    pattern_charge_fn charge;
    void *ctx;
    size_t steps;
};

/* One character of the pattern: [p, end). */
struct item {
    const char *p, *end;
};

/* The item at p; its end is NULL when a [ or % is not finished. */
static struct item item_at(const char *p, const char *pattern_end)
{
    struct item it = {p, p};
    if (*p == '[') {
        const char *q = p + 1 + (p + 1 < pattern_end && p[1] == '^');
        while (q < pattern_end && *q != ']') {
            q += *q == '%' && q + 1 < pattern_end ? 2 : 1;
        }
        it.end = q < pattern_end ? q + 1 : NULL;
    } else if (*p == '%') {
        it.end = p + 1 < pattern_end ? p + 2 : NULL;
    } else {
        utf8_next(&it.end, pattern_end);
    }
    return it;
}

static bool is_repeat(char c)
{
    return c == '*' || c == '+' || c == '-' || c == '?';
}

static bool class_matches(char class, int32_t c)
{
    bool ascii = c < 0x80;
    bool hit;
    switch (tolower((unsigned char)class)) {
    case 'd':
        hit = ascii && isdigit(c);
        break;
    case 'a':
        hit = ascii && isalpha(c);
        break;
    case 'l':
        hit = ascii && islower(c);
        break;
    case 'u':
        hit = ascii && isupper(c);
        break;
    case 's':
        hit = (ascii && isspace(c)) || c == 0x3000;
        break;
    case 'w':
        hit = ascii && isalnum(c);
        break;
    case 'p':
        hit = ascii && ispunct(c);
        break;
    default:
        return c == class;
    }
    return isupper((unsigned char)class) ? !hit : hit;
}

static bool set_matches(struct item it, int32_t c)
{
    const char *p = it.p + 1, *end = it.end - 1;
    bool negated = p < end && *p == '^';
    p += negated;
    while (p < end) {
        if (*p == '%') {
            if (class_matches(p[1], c)) {
                return !negated;
            }
            p += 2;
            continue;
        }
        int32_t low = utf8_next(&p, end), high = low;
        if (end - p > 1 && *p == '-') {
            p++;
            high = utf8_next(&p, end);
        }
        if (low <= c && c <= high) {
            return !negated;
        }
    }
    return negated;
}

/* Does the item match at s? Then *next_out is behind that character. */
static bool item_matches(struct matcher *m, struct item it, const char *s, const char **next_out)
{
    if (++m->steps % CHARGE_EVERY == 0) {
        m->charge(m->ctx, CHARGE_EVERY);
    }
    if (s >= m->text_end) {
        return false;
    }
    const char *p = it.p;
    int32_t c = utf8_next(&s, m->text_end);
    *next_out = s;
    if (*p == '.') {
        return true;
    }
    if (*p == '[') {
        m->steps += (size_t)(it.end - it.p) / 8;
        return set_matches(it, c);
    }
    return *p == '%' ? class_matches(p[1], c) : utf8_next(&p, it.end) == c;
}

static const char *match_here(struct matcher *m, const char *s, const char *p);

/* As many as possible first, then fewer. */
static const char *match_longest(
    struct matcher *m, struct item it, const char *s, const char *rest, bool one_needed)
{
    const char *first = s, *next;
    while (item_matches(m, it, s, &next)) {
        s = next;
    }
    for (;;) {
        if (one_needed && s == first) {
            return NULL;
        }
        const char *end = match_here(m, s, rest);
        if (end != NULL || s == first) {
            return end;
        }
        do { /* one character back */
            s--;
        } while (s > first && ((unsigned char)*s & 0xC0) == 0x80);
    }
}

static const char *match_shortest(
    struct matcher *m, struct item it, const char *s, const char *rest)
{
    for (;;) {
        const char *end = match_here(m, s, rest), *next;
        if (end != NULL || !item_matches(m, it, s, &next)) {
            return end;
        }
        s = next;
    }
}

static const char *match_repeat(
    struct matcher *m, struct item it, char repeat, const char *s, const char *rest)
{
    const char *next;
    switch (repeat) {
    case '*':
        return match_longest(m, it, s, rest, false);
    case '+':
        return match_longest(m, it, s, rest, true);
    case '-':
        return match_shortest(m, it, s, rest);
    default:
        if (item_matches(m, it, s, &next)) {
            const char *end = match_here(m, next, rest);
            if (end != NULL) {
                return end;
            }
        }
        return match_here(m, s, rest);
    }
}

static const char *match_here(struct matcher *m, const char *s, const char *p)
{
    while (p < m->pattern_end) {
        if (*p == '(' || *p == ')') {
            *(*p == '(' ? &m->match->part_from : &m->match->part_to) = s;
            p++;
            continue;
        }
        if (*p == '$' && p + 1 == m->pattern_end) {
            return s == m->text_end ? s : NULL;
        }
        struct item it = item_at(p, m->pattern_end);
        if (it.end < m->pattern_end && is_repeat(*it.end)) {
            return match_repeat(m, it, *it.end, s, it.end + 1);
        }
        if (!item_matches(m, it, s, &s)) {
            return NULL;
        }
        p = it.end;
    }
    return s;
}

const char *pattern_problem(const char *pattern, size_t len)
{
    const char *end = pattern + len;
    int repeats = 0, opened = 0, closed = 0;
    if (len > PATTERN_LENGTH_MAX) {
        return N_("the pattern is too long");
    }
    for (const char *p = pattern + (len > 0 && *pattern == '^'); p < end;) {
        if (*p == '(' || *p == ')') {
            opened += *p == '(';
            closed += *p == ')';
            if (opened > 1 || closed > opened) {
                return N_("a pattern has one pair of ( ) at most");
            }
            p++;
            continue;
        }
        struct item it = item_at(p, end);
        if (it.end == NULL) {
            return N_("a [ or % in the pattern is not finished");
        }
        if (*p == '%' && strchr("bf0123456789", p[1]) != NULL) {
            return N_("%b, %f and back-references are not offered");
        }
        p = it.end;
        if (p < end && is_repeat(*p)) {
            repeats++;
            p++;
        }
    }
    if (opened != closed) {
        return N_("a pattern has one pair of ( ) at most");
    }
    return repeats > PATTERN_REPEATS_MAX ? N_("too many repeats in the pattern") : NULL;
}

bool pattern_find(const char *text, size_t len, const char *pattern, size_t pattern_len,
    pattern_charge_fn charge, void *ctx, struct pattern_match *match_out)
{
    struct matcher m = {.text_end = text + len,
        .pattern_end = pattern + pattern_len,
        .match = match_out,
        .charge = charge,
        .ctx = ctx};
    bool anchored = pattern_len > 0 && *pattern == '^';
    bool grouped = memchr(pattern, '(', pattern_len) != NULL;
    for (const char *s = text; s <= m.text_end;) {
        const char *end = match_here(&m, s, pattern + anchored);
        if (end != NULL) {
            match_out->from = s;
            match_out->to = end;
            if (!grouped) {
                match_out->part_from = s;
                match_out->part_to = end;
            }
            return true;
        }
        if (anchored || s == m.text_end) {
            break;
        }
        utf8_next(&s, m.text_end);
    }
    return false;
}
