/* store/heads.h — the history in a few lines, to be kept where whoever holds the disk cannot reach.
 *
 * A running digest goes over all events in the order of seq: digest(n) = sha256(digest(n - 1) ||
 * seq || case || version || hash of the event). The hash of an event is the head of its case, so
 * one digest folds the heads of all cases. It is kept at evenly spaced events, 512 at most, so that
 * a history that was written anew is told to one of 512 stretches. Text, one entry a line: fengqiao
 * heads 1 / made TIME / cases N / mark SEQ DIGEST … / audit ID HASH / end DIGEST where the last
 * digest is of all lines before: a file that was cut is no file. */
#ifndef FQ_STORE_HEADS_H
#define FQ_STORE_HEADS_H

#include "base/digest.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { HEADS_MARKS_MAX = 512 };

struct head_mark {
    int64_t seq;
    struct digest digest;
};

struct heads {
    int64_t made_ms, cases, audit_id;
    struct digest audit_hash;
    size_t count;
    struct head_mark marks[HEADS_MARKS_MAX + 1]; /* by seq; the last one is the last event */
};

int64_t heads_last_seq(const struct heads *h); /* 0: of an empty history */
int64_t heads_spacing(int64_t last_seq);       /* a power of two */
/* The digest with one event more. */
struct digest heads_fold(const struct digest *before, int64_t seq, int64_t case_id, int64_t version,
    const struct digest *hash);
char *heads_format(const struct heads *h); /* caller owns */
/* ERR_FILE when it is not whole or of another kind. */
bool heads_parse(const char *text, struct heads *h, struct err *err);

#endif
