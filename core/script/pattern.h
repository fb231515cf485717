/* script/pattern.h — a small pattern language over characters (not bytes), with counted work.
 *
 * ^ $ . %d %a %l %u %s %w %p (and capitals for "not") [set] [^set] with a-z ranges, * + - ? after
 * one character, one pair of ( ). No back-references, no %b, no %f. Every comparison is counted,
 * so that a bad pattern ends in the budget and not in hours. */
#ifndef FQ_SCRIPT_PATTERN_H
#define FQ_SCRIPT_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

enum { PATTERN_LENGTH_MAX = 256, PATTERN_REPEATS_MAX = 16 };

struct pattern_match {
    const char *from, *to;           /* of the whole match */
    const char *part_from, *part_to; /* of the ( ); the whole when there is none */
};

/* Called for every so many comparisons; may jump out (a Lua error). */
typedef void (*pattern_charge_fn)(void *ctx, size_t steps);

/* Is the pattern well formed? NULL, or what is wrong with it. */
const char *pattern_problem(const char *pattern, size_t len);
bool pattern_find(const char *text, size_t len, const char *pattern, size_t pattern_len,
    pattern_charge_fn charge, void *ctx, struct pattern_match *match_out);

#endif
