/* client/import_run.c — see import_run.h. */
#include "client/import_run.h"

#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/import_journal.h"
#include "client/remote.h"

#include <stdlib.h>
#include <string.h>

bool import_run_open(
    struct import_run *run, struct client *c, const struct import_map *m, struct err *err)
{
    run->c = c;
    run->m = m;
    run->org = import_org_new(c, m);
    run->clock_ms = INT64_MIN;
    run->pipe = remote_ready(c, err) ? remote_link(c, err) : NULL;
    return run->pipe != NULL;
}

static void free_queue(struct import_row *row)
{
    while (row != NULL) {
        struct import_row *next = row->link;
        import_row_free(row);
        row = next;
    }
}

void import_run_close(struct import_run *run)
{
    free_queue(run->first_flying);
    free_queue(run->ready);
    link_close(run->pipe);
    import_org_free(run->org);
    import_journal_close(run->journal);
    run->first_flying = run->last_flying = run->ready = NULL;
    run->pipe = NULL;
    run->org = NULL;
    run->journal = NULL;
}

void import_run_bad(struct import_run *run, size_t line, const struct err *why)
{
    run->tally.bad++;
    run->on_bad(line, why, run->ctx);
}

static void row_is_bad(struct import_run *run, struct import_row *row, const struct err *why)
{
    row->state = ROW_BAD;
    import_run_bad(run, row->line, why);
}

/* --- one request --------------------------------------------------------------------------- */

/* Faults that no other row would escape: the run ends, nothing is lost. */
static bool is_fatal(enum err_code code)
{
    return code == ERR_OFFLINE || code == ERR_PROTOCOL || code == ERR_CONFIG ||
           code == ERR_UNAUTHENTICATED || code == ERR_SHUTDOWN || code == ERR_READ_ONLY;
}

/* The account that registers the row, or the next one to try for its step; NULL with code NONE:
 * the account at hand. */
static const char *pick_user(
    struct import_run *run, struct import_row *row, const char *body, struct err *err)
{
    const struct import_map *m = run->m;
    if (row->next == 0) {
        return m->open_role != NULL && body != NULL
                   ? import_org_member(run->org, body, m->open_role, err)
                   : NULL;
    }
    const struct import_step *step = &m->steps[row->next - 1];
    if (step->by == NULL) {
        return NULL;
    }
    if (row->actors == NULL) {
        row->actors = import_org_actors(
            run->org, row->number, row->body, step->action, step->by, row->all_actors);
        row->actor = 0;
    }
    const char *user = json_string_value(json_array_get(row->actors, row->actor));
    if (user == NULL) {
        err_set(err, ERR_FORBIDDEN, _("nobody was found who may do “%s”"), step->action);
    }
    return user;
}

static bool send_row(struct import_run *run, struct import_row *row, struct err *err)
{
    bool ok = true;
    const char *place = row->next == 0 ? import_org_place(run->org, row, &ok, err) : NULL;
    const char *body = ok && row->next == 0 ? import_org_body(run->org, place, &ok, err) : NULL;
    const char *user = ok ? pick_user(run, row, body, err) : NULL;
    if (!ok || (user == NULL && err->code != ERR_NONE)) {
        return false;
    }
    const char *token = import_org_token(run->org, user, err);
    if (token == NULL && err->code != ERR_NONE) {
        return false;
    }
    char key[UUID_TEXT];
    import_row_key(run->m, row, key);
    json_t *params = import_row_params(run->m, row, place, body);
    json_t *request = remote_request(key, import_row_method(row), params, key, token);
    json_decref(params);
    char *line = json_compact(request);
    json_decref(request);
    size_t len = strlen(line);
    ok = len < JSON_BYTES_MAX
             ? link_send(run->pipe, line, len, err)
             : err_set(err, ERR_FORM, _("the request is longer than %d bytes"), JSON_BYTES_MAX);
    free(line);
    return ok;
}

static void step_done(struct import_run *run, struct import_row *row, const json_t *result)
{
    bool replayed = json_flag(json_member(result, "_meta"), "replayed");
    size_t *counter = replayed         ? &run->tally.replayed
                      : row->next == 0 ? &run->tally.opened
                                       : &run->tally.stepped;
    ++*counter;
    if (row->next == 0) {
        mem_free(row->number);
        row->number = mem_strdup(json_text(result, "case"));
    } else if (row->actors != NULL) {
        import_org_acted(run->org, row->body, run->m->steps[row->next - 1].action,
            json_string_value(json_array_get(row->actors, row->actor)));
    }
    mem_free(row->body);
    row->body = mem_strdup(json_text(json_member(result, "next"), "body"));
    json_decref(row->actors);
    row->actors = NULL;
    row->all_actors = false;
    import_journal_done(run->journal, row);
    row->next++;
    row->state = import_row_more(run->m, row) ? ROW_READY : ROW_DONE;
}

/* Another account may be the right one: the case moved, or the step was done by that one before. */
static bool next_actor(const struct import_run *run, struct import_row *row, enum err_code code)
{
    bool of_account = code == ERR_FORBIDDEN || code == ERR_NOT_FOUND || code == ERR_KEY_REUSED;
    if (row->next == 0 || !of_account || run->m->steps[row->next - 1].by == NULL) {
        return false;
    }
    if (++row->actor < json_array_size(row->actors)) {
        return true;
    }
    if (row->all_actors) {
        return false;
    }
    row->all_actors = true;
    json_decref(row->actors);
    row->actors = NULL;
    return true;
}

/* Takes in the answer for row. False only when the run cannot go on. */
static bool take_answer(
    struct import_run *run, struct import_row *row, const json_t *answer, struct err *err)
{
    const json_t *error = json_member(answer, "error");
    if (error == NULL) {
        step_done(run, row, json_member(answer, "result"));
    } else {
        struct err why = {0};
        remote_error(error, &why);
        if (is_fatal(why.code)) {
            err_clear(err);
            *err = why;
            return false;
        }
        if (!next_actor(run, row, why.code)) {
            row_is_bad(run, row, &why);
        }
        err_clear(&why);
    }
    run->on_progress(&run->tally, run->ctx);
    return true;
}

/* --- plain import ---------------------------------------------------------------------------- */

static void push_flying(struct import_run *run, struct import_row *row)
{
    row->link = NULL;
    if (run->last_flying != NULL) {
        run->last_flying->link = row;
    } else {
        run->first_flying = row;
    }
    run->last_flying = row;
    run->flying++;
}

static struct import_row *pop_flying(struct import_run *run)
{
    struct import_row *row = run->first_flying;
    run->first_flying = row->link;
    if (run->first_flying == NULL) {
        run->last_flying = NULL;
    }
    run->flying--;
    return row;
}

/* Puts the row where its state belongs. */
static void settle(struct import_run *run, struct import_row *row)
{
    if (row->state == ROW_READY) {
        row->link = run->ready;
        run->ready = row;
    } else {
        import_row_free(row);
    }
}

static bool receive_one(struct import_run *run, struct err *err)
{
    json_t *answer;
    do {
        answer = link_receive(run->pipe, run->c->timeout_ms, err);
        if (answer == NULL) {
            return false;
        }
        if (json_object_get(answer, "id") == NULL) {
            json_decref(answer); /* a notification is not ours */
            answer = NULL;
        }
    } while (answer == NULL);
    struct import_row *row = pop_flying(run);
    bool ok = take_answer(run, row, answer, err);
    json_decref(answer);
    settle(run, row);
    return ok;
}

static bool send_ready(struct import_run *run, struct err *err)
{
    while (run->ready != NULL && run->flying < IMPORT_WINDOW) {
        struct import_row *row = run->ready;
        struct err why = {0};
        run->ready = row->link;
        if (send_row(run, row, &why)) {
            push_flying(run, row);
        } else if (is_fatal(why.code)) {
            settle(run, row);
            *err = why;
            return false;
        } else {
            row_is_bad(run, row, &why);
            settle(run, row);
            err_clear(&why);
        }
    }
    return true;
}

bool import_run_add(struct import_run *run, struct import_row *row, struct err *err)
{
    settle(run, row);
    if (!send_ready(run, err)) {
        return false;
    }
    while (run->flying >= IMPORT_WINDOW) {
        if (!receive_one(run, err) || !send_ready(run, err)) {
            return false;
        }
    }
    return true;
}

bool import_run_drain(struct import_run *run, struct err *err)
{
    while (run->flying > 0 || run->ready != NULL) {
        if (!send_ready(run, err) || (run->flying > 0 && !receive_one(run, err))) {
            return false;
        }
    }
    return true;
}

/* --- replay ---------------------------------------------------------------------------------- */

enum { CLOCK_TIMEOUT_MS = 600000 }; /* the server fires every clock on the way, durably */

static bool ask_clock(struct import_run *run, const char *to, struct err *err)
{
    const struct import_map *m = run->m;
    const char *user = m->clock_body != NULL
                           ? import_org_member(run->org, m->clock_body, m->clock_role, err)
                           : NULL;
    const char *token =
        user != NULL || m->clock_body == NULL ? import_org_token(run->org, user, err) : NULL;
    if (err->code != ERR_NONE) {
        return false;
    }
    json_t *params = to != NULL ? json_pack("{s:s}", "to", to) : NULL;
    json_t *request = remote_request("clock", "server.clock", params, NULL, token);
    json_decref(params);
    char *line = json_compact(request);
    json_decref(request);
    bool sent = link_send(run->pipe, line, strlen(line), err);
    free(line);
    json_t *answer = sent ? link_receive(run->pipe, CLOCK_TIMEOUT_MS, err) : NULL;
    const json_t *error = json_member(answer, "error");
    if (error != NULL) {
        remote_error(error, err);
    }
    const json_t *result = json_member(answer, "result");
    bool ok = result != NULL && json_text(result, "now") != NULL &&
              instant_parse(json_text(result, "now"), &run->clock_ms);
    if (ok && !json_flag(result, "virtual") && to == NULL) {
        ok = err_set(err, ERR_CONFIG, "%s", _("A replay needs a server with a virtual clock."));
    }
    json_decref(answer);
    return ok;
}

/* The clock never goes back: what lies behind it was done in an earlier run, or is entered late. */
static bool move_clock(struct import_run *run, int64_t to_ms, struct err *err)
{
    char to[INSTANT_TEXT];
    if (run->clock_ms == INT64_MIN && !ask_clock(run, NULL, err)) {
        return false;
    }
    return to_ms <= run->clock_ms || ask_clock(run, instant_format(to_ms, to), err);
}

/* One step of a row, trying accounts until one may take it. */
static bool play(struct import_run *run, struct import_row *row, struct err *err)
{
    size_t at = row->next;
    while (row->state == ROW_READY && row->next == at) {
        struct err why = {0};
        if (!send_row(run, row, &why)) {
            if (is_fatal(why.code)) {
                *err = why;
                return false;
            }
            row_is_bad(run, row, &why);
            err_clear(&why);
            break;
        }
        json_t *answer = link_receive(run->pipe, run->c->timeout_ms, err);
        bool ok = answer != NULL && take_answer(run, row, answer, err);
        json_decref(answer);
        if (!ok) {
            return false;
        }
    }
    return true;
}

/* A heap by (time, line): the row whose next step comes first is at the top. */
static bool before(const struct import_row *a, const struct import_row *b)
{
    int64_t a_ms = import_row_time(a);
    int64_t b_ms = import_row_time(b);
    return a_ms != b_ms ? a_ms < b_ms : a->line < b->line;
}

static void sift_down(struct import_row **heap, size_t count, size_t i)
{
    for (;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < count; child++) {
            least = before(heap[child], heap[least]) ? child : least;
        }
        if (least == i) {
            return;
        }
        struct import_row *swap = heap[i];
        heap[i] = heap[least];
        heap[least] = swap;
        i = least;
    }
}

bool import_run_replay(
    struct import_run *run, struct import_row **rows, size_t count, struct err *err)
{
    bool ok = true;
    int64_t last_ms = INT64_MIN;
    for (size_t i = count / 2; i-- > 0;) {
        sift_down(rows, count, i);
    }
    while (ok && count > 0) {
        struct import_row *row = rows[0];
        last_ms = import_row_time(row);
        ok = move_clock(run, last_ms, err) && play(run, row, err);
        if (ok && row->state != ROW_READY) {
            import_row_free(row);
            rows[0] = rows[--count];
        }
        sift_down(rows, count, 0);
    }
    if (ok && run->m->finish_ms > 0 && last_ms != INT64_MIN) {
        ok = move_clock(run, last_ms + run->m->finish_ms, err);
    }
    for (size_t i = 0; i < count; i++) {
        import_row_free(rows[i]);
    }
    mem_free(rows);
    return ok;
}
