/* client/cmd_import.c — case import FILE --map MAP: reading the file, progress, the summary. */
#include "client/cmd.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client/import_journal.h"
#include "client/import_run.h"
#include "client/view.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { BAD_SHOWN_MAX = 50, SAY_EVERY_US = 10000000, BAR_EVERY_US = 200000 };

struct import {
    struct client *c;
    struct import_map map;
    struct import_run run;
    json_t *done;        /* owned: the journal, with --resume; else NULL */
    json_t *bad;         /* owned: [{line, reason}] for --json */
    gzFile file;         /* reads plain files too */
    int64_t size, first; /* of the file in bytes; rows to read at most */
    int64_t began_us, said_us;
};

/* --- progress -------------------------------------------------------------------------------- */

static void say_progress(struct import *im, const struct import_tally *t)
{
    long long rest_s = -1;
    int64_t at = im->file != NULL ? (int64_t)gzoffset(im->file) : im->size;
    int64_t took_us = monotonic_us() - im->began_us;
    if (!im->map.replay && at > 0 && im->size > 0 && took_us > SAY_EVERY_US / 5) {
        rest_s = (long long)(took_us / 1000000.0 * (double)(im->size - at) / (double)at);
    }
    size_t done = t->opened + t->stepped + t->replayed + t->skipped;
    size_t all = t->rows * (im->map.step_count + 1);
    if (im->map.replay && done > 0 && all > done) {
        rest_s = (long long)(took_us / 1000000.0 * (double)(all - done) / (double)done);
    }
    bool bar = isatty(fileno(im->c->talk));
    fprintf(im->c->talk, bar ? "\r" : "");
    fprintf(im->c->talk, _("%zu rows, %zu steps done, %zu bad"), t->rows, done, t->bad);
    if (rest_s >= 0) {
        fprintf(im->c->talk, _(", about %lld s left"), rest_s);
    }
    fprintf(im->c->talk, bar ? "  " : "\n");
    fflush(im->c->talk);
}

static void on_progress(const struct import_tally *tally, void *ctx)
{
    struct import *im = ctx;
    int64_t now_us = monotonic_us();
    int64_t every_us = isatty(fileno(im->c->talk)) ? BAR_EVERY_US : SAY_EVERY_US;
    if (now_us - im->said_us >= every_us) {
        im->said_us = now_us;
        say_progress(im, tally);
    }
}

static void on_bad(size_t line, const struct err *why, void *ctx)
{
    struct import *im = ctx;
    struct buf reason = {0};
    buf_adds(&reason, why->message);
    const json_t *fields = json_member(why->data, "fields");
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *f = json_array_get(fields, i);
        const char *label =
            json_text(f, "label") != NULL ? json_text(f, "label") : json_text(f, "name");
        const char *problem = json_text(f, "problem");
        buf_addf(&reason, "; %s%s%s", label != NULL ? label : "", view_colon(),
            problem != NULL ? problem : "");
    }
    if (json_array_size(im->bad) < BAD_SHOWN_MAX || im->c->output != OUTPUT_JSON) {
        if (isatty(fileno(im->c->talk))) {
            fputs("\r\x1b[K", im->c->talk);
        }
        fprintf(im->c->talk, _("Row %zu: %s\n"), line, buf_text(&reason));
    }
    json_array_append_new(
        im->bad, json_pack("{s:I, s:s}", "row", (json_int_t)line, "reason", buf_text(&reason)));
    buf_close(&reason);
}

/* --- reading --------------------------------------------------------------------------------- */

/* The next line without its end; false at the end of the file. A line too long keeps its beginning
 * and is refused by the parser. */
static bool read_line(gzFile file, struct buf *line)
{
    char part[8192];
    buf_clear(line);
    while (gzgets(file, part, sizeof part) != NULL) {
        size_t len = strlen(part);
        bool end = len > 0 && part[len - 1] == '\n';
        if (line->len <= JSON_BYTES_MAX) {
            buf_add(line, part, end ? len - 1 : len);
        }
        if (end) {
            return true;
        }
    }
    return line->len > 0;
}

static bool file_is_whole(gzFile file, const char *path, struct err *err)
{
    int code = 0;
    const char *words = gzerror(file, &code);
    return code == Z_OK || code == Z_STREAM_END ||
           err_set(err, ERR_FILE, "%s: %s", path, code == Z_ERRNO ? strerror(errno) : words);
}

/* A row that is read, moved behind what the journal says is done; NULL when it is bad or done. */
static struct import_row *next_row(struct import *im, size_t number, const struct buf *line)
{
    struct err why = {0};
    struct import_row *row = import_row_read(&im->map, number, buf_text(line), line->len, &why);
    im->run.tally.rows++;
    if (row == NULL) {
        import_run_bad(&im->run, number, &why);
        err_clear(&why);
        return NULL;
    }
    im->run.tally.skipped += import_journal_apply(im->done, &im->map, row);
    if (row->state != ROW_READY) {
        import_row_free(row);
        return NULL;
    }
    return row;
}

static bool run_rows(struct import *im, struct err *err)
{
    struct buf line = {0};
    struct import_row **rows = NULL;
    size_t count = 0;
    size_t cap = 0;
    bool ok = true;
    for (size_t n = 1; ok && (int64_t)im->run.tally.rows < im->first && read_line(im->file, &line);
         n++) {
        if (buf_text(&line)[strspn(buf_text(&line), " \t\r")] == '\0') {
            continue;
        }
        struct import_row *row = next_row(im, n, &line);
        if (row != NULL && im->map.replay) {
            if (count == cap) {
                cap = cap == 0 ? 1024 : cap * 2;
                rows = mem_resize(rows, cap * sizeof *rows);
            }
            rows[count++] = row;
        } else if (row != NULL) {
            ok = import_run_add(&im->run, row, err);
        }
    }
    buf_close(&line);
    if (im->map.replay) {
        return import_run_replay(&im->run, rows, count, err);
    }
    return ok && import_run_drain(&im->run, err);
}

/* --- the command ----------------------------------------------------------------------------- */

static void print_summary(struct import *im)
{
    const struct import_tally *t = &im->run.tally;
    double seconds = (double)(monotonic_us() - im->began_us) / 1e6;
    struct client *c = im->c;
    if (c->output != OUTPUT_TABLE) {
        json_t *sum = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:f, s:O}", "rows",
            (json_int_t)t->rows, "opened", (json_int_t)t->opened, "steps", (json_int_t)t->stepped,
            "replayed", (json_int_t)t->replayed, "skipped", (json_int_t)t->skipped, "bad",
            (json_int_t)t->bad, "seconds", seconds, "bad_rows", im->bad);
        view_raw(c, sum);
        json_decref(sum);
        return;
    }
    fprintf(c->out, _("%zu rows read in %.1f s: %zu cases opened, %zu steps taken.\n"), t->rows,
        seconds, t->opened, t->stepped);
    if (t->replayed + t->skipped > 0) {
        fprintf(c->out, _("%zu steps had been done before and were not done again.\n"),
            t->replayed + t->skipped);
    }
    if (t->bad > 0) {
        fprintf(c->out, _("! %zu bad rows; their reasons stand above.\n"), t->bad);
    }
    view_next(c, _("Figures"), "report overview");
}

static bool open_file(struct import *im, const char *path, struct err *err)
{
    FILE *plain = fopen(path, "rbe");
    if (plain == NULL) {
        return err_set(err, ERR_FILE, "%s: %s", path, strerror(errno));
    }
    fseek(plain, 0, SEEK_END);
    im->size = ftell(plain);
    fclose(plain);
    im->file = gzopen(path, "rbe");
    return im->file != NULL || err_set(err, ERR_FILE, _("%s cannot be read."), path);
}

static bool run_import(struct import *im, const struct args *a, struct err *err)
{
    char *journal = import_journal_path(im->c->server, im->map.id);
    im->done = args_flag(a, "resume") ? import_journal_load(journal) : NULL;
    im->began_us = im->said_us = monotonic_us();
    bool ok = import_run_open(&im->run, im->c, &im->map, err);
    if (ok) {
        im->run.journal = import_journal_open(journal);
        ok = run_rows(im, err) && file_is_whole(im->file, a->words[0], err);
        if (isatty(fileno(im->c->talk))) {
            fputs("\r\x1b[K", im->c->talk);
        }
        print_summary(im);
    }
    if (!ok && err->code == ERR_OFFLINE) {
        err_hint(err,
            _("What was answered is safe. Go on with: fengqiao case import %s --map %s --resume"),
            a->words[0], args_option(a, "map"));
    }
    mem_free(journal);
    return ok;
}

bool cmd_case_import(struct client *c, const struct args *a, struct err *err)
{
    struct import im = {.c = c, .first = INT64_MAX};
    if (args_option(a, "map") == NULL) {
        err_set(err, ERR_PARAMS, "%s", _("An import needs a mapping file."));
        return err_hint(err, _("Add: --map FILE"));
    }
    if (!args_number(a, "first", 1, INT64_MAX, &im.first, err) ||
        !import_map_load(&im.map, args_option(a, "map"), err)) {
        return false;
    }
    im.bad = json_array();
    im.run.on_bad = on_bad;
    im.run.on_progress = on_progress;
    im.run.ctx = &im;
    bool ok = open_file(&im, a->words[0], err) && run_import(&im, a, err);
    size_t bad = im.run.tally.bad;
    import_run_close(&im.run);
    if (im.file != NULL) {
        gzclose(im.file);
    }
    json_decref(im.done);
    json_decref(im.bad);
    import_map_close(&im.map);
    c->exit_code = bad > 0 ? 65 : 0;
    return ok;
}
