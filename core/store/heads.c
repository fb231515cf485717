/* store/heads.c — see heads.h. */
#include "store/heads.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/lang.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_LINE "fengqiao heads 1\n"

int64_t heads_last_seq(const struct heads *h)
{
    return h->count == 0 ? 0 : h->marks[h->count - 1].seq;
}

int64_t heads_spacing(int64_t last_seq)
{
    int64_t spacing = 1;
    while (last_seq / spacing > HEADS_MARKS_MAX - 1) {
        spacing *= 2;
    }
    return spacing;
}

static void put_number(uint8_t out[8], int64_t number)
{
    for (int i = 0; i < 8; i++) {
        out[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
    }
}

struct digest heads_fold(const struct digest *before, int64_t seq, int64_t case_id, int64_t version,
    const struct digest *hash)
{
    uint8_t event[24 + DIGEST_SIZE];
    put_number(event, seq);
    put_number(event + 8, case_id);
    put_number(event + 16, version);
    memcpy(event + 24, hash->bytes, DIGEST_SIZE);
    return digest_of2(before->bytes, DIGEST_SIZE, event, sizeof event);
}

static void put_end(struct buf *b)
{
    char hex[DIGEST_TEXT];
    struct digest d = digest_of(buf_text(b), b->len);
    buf_addf(b, "end %s\n", digest_hex(&d, hex));
}

char *heads_format(const struct heads *h)
{
    struct buf b = {0};
    char hex[DIGEST_TEXT], at[INSTANT_TEXT];
    buf_adds(&b, FIRST_LINE);
    buf_addf(&b, "made %s\ncases %lld\n", instant_format(h->made_ms, at), (long long)h->cases);
    for (size_t i = 0; i < h->count; i++) {
        buf_addf(
            &b, "mark %lld %s\n", (long long)h->marks[i].seq, digest_hex(&h->marks[i].digest, hex));
    }
    buf_addf(&b, "audit %lld %s\n", (long long)h->audit_id, digest_hex(&h->audit_hash, hex));
    put_end(&b);
    return buf_take(&b);
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool read_hex(const char *text, struct digest *out)
{
    for (int i = 0; i < DIGEST_SIZE; i++) {
        char pair[3] = {text[2 * i], text[2 * i] != '\0' ? text[2 * i + 1] : '\0', '\0'};
        char *end;
        out->bytes[i] = (uint8_t)strtoul(pair, &end, 16);
        if (end != pair + 2) {
            return false;
        }
    }
    return true;
}

/* "NUMBER DIGEST"; *rest_out is behind the line. */
static bool read_pair(
    const char *text, int64_t *number_out, struct digest *out, const char **rest_out)
{
    char *end;
    *number_out = strtoll(text, &end, 10);
    if (end == text || *end != ' ' || *number_out < 0 || !read_hex(end + 1, out)) {
        return false;
    }
    *rest_out = end + 1 + 2 * DIGEST_SIZE;
    return *(*rest_out)++ == '\n';
}

static bool read_top(const char **p, struct heads *h)
{
    char at[INSTANT_TEXT];
    int used = 0;
    long long cases;
    if (!text_starts(*p, FIRST_LINE) ||
        sscanf(*p + strlen(FIRST_LINE), "made %25s\ncases %lld\n%n", at, &cases, &used) != 2 ||
        used == 0 || !instant_parse(at, &h->made_ms)) {
        return false;
    }
    h->cases = cases;
    *p += strlen(FIRST_LINE) + (size_t)used;
    return true;
}

static bool read_marks(const char **p, struct heads *h)
{
    int64_t before = 0;
    while (text_starts(*p, "mark ")) {
        struct head_mark *m = &h->marks[h->count];
        if (h->count > HEADS_MARKS_MAX || !read_pair(*p + 5, &m->seq, &m->digest, p) ||
            m->seq <= before) {
            return false;
        }
        before = m->seq;
        h->count++;
    }
    return true;
}

static bool read_whole(const char *text, struct heads *h)
{
    const char *p = text;
    struct digest said, is;
    if (!read_top(&p, h) || !read_marks(&p, h) || !text_starts(p, "audit ") ||
        !read_pair(p + 6, &h->audit_id, &h->audit_hash, &p) || !text_starts(p, "end ") ||
        !read_hex(p + 4, &said) || strcmp(p + 4 + 2 * DIGEST_SIZE, "\n") != 0) {
        return false;
    }
    is = digest_of(text, (size_t)(p - text));
    return memcmp(&said, &is, sizeof is) == 0;
}

bool heads_parse(const char *text, struct heads *h, struct err *err)
{
    memset(h, 0, sizeof *h);
    return read_whole(text, h) ||
           err_set(err, ERR_FILE, _("this is no whole file of heads, or it was changed"));
}
