/* rpc/replies.c — answers in the order of the questions.
 *
 * Each request takes a line in the queue when it is read; whenever an answer comes it is written
 * into its entry, and what is complete leaves from the front. A batch is one line of entries. */
#include "rpc/session_private.h"

#include "base/json.h"
#include "base/memory.h"
#include "wire/envelope.h"

#include <assert.h>

struct reply_line *replies_add(struct session *s, size_t count, bool batch)
{
    struct reply_line *line = mem_alloc(sizeof *line + count * sizeof line->entries[0]);
    line->session = s;
    line->batch = batch;
    line->waiting = line->count = count;
    for (size_t i = 0; i < count; i++) {
        line->entries[i].line = line;
    }
    struct reply_queue *q = &s->replies;
    if (q->last != NULL) {
        q->last->next = line;
    } else {
        q->first = line;
    }
    q->last = line;
    q->unanswered += count;
    return line;
}

static void entry_done(struct reply_entry *e)
{
    assert(e->line->waiting > 0);
    e->line->waiting--;
    e->line->session->replies.unanswered--;
    e->line->session->replies.bytes += e->text.len;
}

/* An answer no client could take as a line becomes an error that says so. */
static void limit_length(struct reply_entry *e, const char *trace)
{
    if (e->text.len <= JSON_BYTES_MAX) {
        return;
    }
    struct err err = {0};
    err_set(&err, ERR_INTERNAL, _("the answer is longer than a line may be"));
    err_hint(&err, _("ask for less at a time (limit)"));
    err_data(&err, "reason", json_string("answer_too_long"));
    buf_close(&e->text);
    envelope_error(&e->text, e->id, &err, trace);
    err_clear(&err);
}

void reply_put(struct reply_entry *e, const struct answer *answer)
{
    if (!e->silent) {
        if (answer->err != NULL) {
            envelope_error(&e->text, e->id, answer->err, answer->trace);
        } else if (answer->raw != NULL) {
            envelope_result_raw(&e->text, e->id, answer->raw, answer->replayed);
        } else {
            envelope_result(&e->text, e->id, answer->result);
        }
        limit_length(e, answer->trace);
    }
    entry_done(e);
}

void reply_refuse(struct reply_entry *e, const struct err *err)
{
    envelope_error(&e->text, e->id, err, NULL);
    entry_done(e);
}

static void line_free(struct reply_line *line)
{
    for (size_t i = 0; i < line->count; i++) {
        json_decref(line->entries[i].id);
        buf_close(&line->entries[i].text);
    }
    mem_free(line);
}

/* The members' answers joined within one line's length; those that find no room say so. */
static void write_batch(struct reply_line *line, struct buf *out)
{
    enum { ROOM_FOR_REFUSALS = SESSION_BATCH_MAX * 512 };
    size_t start = out->len;
    for (size_t i = 0; i < line->count; i++) {
        struct reply_entry *e = &line->entries[i];
        if (e->silent) {
            continue;
        }
        if (out->len - start + e->text.len > JSON_BYTES_MAX - ROOM_FOR_REFUSALS) {
            struct err err = {0};
            err_set(&err, ERR_INTERNAL, _("the batch's answer is longer than a line may be"));
            err_hint(&err, _("ask again, alone"));
            buf_close(&e->text);
            envelope_error(&e->text, e->id, &err, NULL);
            err_clear(&err);
        }
        buf_addc(out, out->len == start ? '[' : ',');
        buf_add(out, buf_text(&e->text), e->text.len);
    }
    if (out->len > start) { /* a batch of notifications is not answered at all */
        buf_adds(out, "]\n");
    }
}

static void write_line(struct reply_line *line, struct buf *out)
{
    if (line->batch) {
        write_batch(line, out);
    } else if (!line->entries[0].silent) {
        buf_add(out, buf_text(&line->entries[0].text), line->entries[0].text.len);
        buf_addc(out, '\n');
    }
}

static struct reply_line *take_first(struct reply_queue *q)
{
    struct reply_line *line = q->first;
    for (size_t i = 0; i < line->count; i++) {
        q->bytes -= line->entries[i].text.len;
    }
    q->first = line->next;
    if (q->first == NULL) {
        q->last = NULL;
    }
    return line;
}

void replies_collect(struct reply_queue *q, struct buf *out)
{
    while (q->first != NULL && q->first->waiting == 0) {
        struct reply_line *line = take_first(q);
        write_line(line, out);
        line_free(line);
    }
}

void replies_drop(struct reply_queue *q)
{
    while (q->first != NULL) {
        line_free(take_first(q));
    }
    q->unanswered = q->bytes = 0;
}
