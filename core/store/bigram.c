/* store/bigram.c — text cut into words that a full-text index can hold.
 *
 * Chinese writes no spaces, and the trigram tokenizer finds no two-character word. So a run of Han
 * characters ABC becomes the words "AB BC C": a word of two and more characters is a phrase of
 * bigrams, a single character is the beginning of a bigram — the last of a run stands alone for
 * that reason. Letters and digits stay whole words in lower case; all else separates. */
#include "store/store.h"

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

enum kind { KIND_OTHER, KIND_LETTER, KIND_HAN };

static enum kind kind_of(int32_t c)
{
    bool ascii = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    bool kana_hangul = (c >= 0x3041 && c <= 0x30FF) || (c >= 0xAC00 && c <= 0xD7A3);
    if (text_is_han(c) || kana_hangul) {
        return KIND_HAN;
    }
    return ascii || (c >= 0xC0 && c < 0x2000) ? KIND_LETTER : KIND_OTHER;
}

/* One run of characters of one kind. */
struct run {
    enum kind kind;
    const char *text;
    size_t len;
};

/* The next run at *p; false at the end. */
static bool next_run(const char **p, const char *end, struct run *run_out)
{
    while (*p < end) {
        const char *start = *p, *after = start;
        enum kind kind = kind_of(utf8_next(&after, end));
        *p = after;
        if (kind == KIND_OTHER) {
            continue;
        }
        while (after < end && kind_of(utf8_next(&after, end)) == kind) {
            *p = after;
        }
        *run_out = (struct run){kind, start, (size_t)(*p - start)};
        return true;
    }
    return false;
}

/* "ABC" -> "AB BC", and " C" behind it when the index is made. */
static void add_bigrams(struct buf *b, const struct run *run, bool with_last)
{
    const char *end = run->text + run->len, *first = run->text;
    while (first < end) {
        const char *second = first, *after;
        utf8_next(&second, end);
        after = second;
        if (second < end) {
            utf8_next(&after, end);
        } else if (!with_last) {
            break;
        }
        buf_adds(b, first == run->text ? "" : " ");
        buf_add(b, first, (size_t)(after - first));
        first = second;
    }
}

char *bigram_index_text(const char *text)
{
    char *folded = text_fold(text);
    struct buf b = {0};
    struct run run;
    for (const char *p = folded, *end = folded + strlen(folded); next_run(&p, end, &run);) {
        buf_adds(&b, b.len == 0 ? "" : " ");
        if (run.kind == KIND_HAN) {
            add_bigrams(&b, &run, true);
        } else {
            buf_add(&b, run.text, run.len);
        }
    }
    mem_free(folded);
    return buf_take(&b);
}

static void add_needed(struct buf *b, const struct run *run)
{
    const char *p = run->text;
    utf8_next(&p, run->text + run->len);
    bool single = run->kind == KIND_HAN && p == run->text + run->len;
    buf_adds(b, b->len == 0 ? "\"" : " AND \"");
    if (run->kind == KIND_HAN && !single) {
        add_bigrams(b, run, false);
    } else {
        buf_add(b, run->text, run->len);
    }
    buf_adds(b, single ? "\" *" : "\"");
}

char *bigram_query(const char *words)
{
    char *folded = text_fold(words);
    struct buf b = {0};
    struct run run;
    for (const char *p = folded, *end = folded + strlen(folded); next_run(&p, end, &run);) {
        add_needed(&b, &run);
    }
    mem_free(folded);
    return b.len == 0 ? NULL : buf_take(&b);
}
