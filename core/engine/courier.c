/* engine/courier.c — see courier.h.
 *
 * A letter is pending in the store → it is read (after the commit that wrote it, at the start, and
 * every few seconds for those of a daemon that died) → its command is submitted → durable,
 * replayed, or nothing new: the effect is done. Refused for a reason that passes: it stays pending
 * until the next look. Refused for good: an opening goes back to the sender as returned, with the
 * reason; the outcomes of a hand-over that fail are left out, so that at least the link is true;
 * anything else is marked failed, for effects.list to show. */
#include "engine/courier.h"

#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/cache.h"
#include "engine/links.h"
#include "engine/submit.h"

#include <string.h>

enum { LETTERS_PAGE = 64 }; /* of one look: a turn's worth beside people's commands */

/* A letter being delivered, until its effect is marked. */
struct flight {
    struct engine *engine;
    int64_t id;
    json_t *letter; /* owned */
    bool looked;    /* its case was read from the disk for it */
    struct flight *next, **link;
};

static struct flight *flight_new(struct engine *e, int64_t id, json_t *letter)
{
    struct flight *f = mem_alloc(sizeof *f);
    f->engine = e;
    f->id = id;
    f->letter = json_deep_copy(letter);
    f->next = e->courier.flights;
    f->link = &e->courier.flights;
    if (f->next != NULL) {
        f->next->link = &f->next;
    }
    e->courier.flights = f;
    return f;
}

static void flight_free(struct flight *f)
{
    *f->link = f->next;
    if (f->next != NULL) {
        f->next->link = f->link;
    }
    json_decref(f->letter);
    mem_free(f);
}

static bool in_flight(const struct engine *e, int64_t id)
{
    for (const struct flight *f = e->courier.flights; f != NULL; f = f->next) {
        if (f->id == id) {
            return true;
        }
    }
    return false;
}

/* --- the effect is marked --------------------------------------------------------------------- */

static void on_marked(const struct store_result *r, void *ctx)
{
    (void)r; /* not written: it is delivered again, replayed by its key, and marked then */
    flight_free(ctx);
}

static void mark(struct flight *f, enum store_record record, const char *error)
{
    struct store_unit *u = store_unit_new();
    u->record = record;
    u->args = json_pack(
        "{s:I,s:I}", "id", (json_int_t)f->id, "at_ms", (json_int_t)engine_now_ms(f->engine));
    json_put_text(u->args, "error", error);
    u->done = on_marked;
    u->ctx = f;
    submit_record(f->engine, u);
}

/* --- delivery --------------------------------------------------------------------------------- */

static void deliver(struct flight *f);

/* A letter whose outcomes are left out runs no script: its case waits for its workflow version. */
static bool passes(const struct flight *f, enum err_code code)
{
    return code == ERR_READ_ONLY || code == ERR_OVERLOADED || code == ERR_INTERNAL ||
           (code == ERR_SCRIPT && json_flag(f->letter, "plain"));
}

static bool opens(const struct flight *f)
{
    return text_equal(json_text(f->letter, "letter"), "open");
}

/* The letter that says to the sender: nobody could take it. Its key is that of the opening:
 * whichever daemon comes first, the case is opened or given back, never both. */
static void bounce(struct flight *f, const struct err *why)
{
    json_t *back = json_pack("{s:s,s:O,s:O,s:O?,s:s,s:s}", "letter", "returned", "to",
        json_object_get(f->letter, "from"), "link", json_object_get(f->letter, "peer"), "by",
        json_object_get(f->letter, "by"), "reason", why->message, "status", "closed");
    json_decref(f->letter);
    f->letter = back;
    deliver(f);
}

static void refused(struct flight *f, const struct err *err)
{
    log_event(LOG_WARNING, "engine", "letter_refused", "letter=%lld kind=%s error=\"%s\"",
        (long long)f->id, json_text(f->letter, "letter"), err->message);
    if (opens(f)) {
        bounce(f, err);
    } else if (!json_flag(f->letter, "plain")) {
        json_object_set_new(f->letter, "plain", json_true());
        deliver(f);
    } else {
        mark(f, RECORD_EFFECT_FAILED, err->message);
    }
}

/* Old news by what is in memory: another daemon may have gone on, so the disk is asked. */
static bool looks_again(struct flight *f)
{
    if (f->looked) {
        return false;
    }
    f->looked = true;
    cache_drop(f->engine, json_number(f->letter, "to", 0));
    deliver(f);
    return true;
}

static void on_delivered(const struct command_result *r, void *ctx)
{
    struct flight *f = ctx;
    bool known = r->err != NULL && json_flag(r->err->data, LETTER_KNOWN);
    if (known && looks_again(f)) {
        return;
    }
    if (r->err == NULL || known) {
        mark(f, RECORD_EFFECT_DONE, NULL);
    } else if (passes(f, r->err->code)) {
        flight_free(f);
    } else {
        refused(f, r->err);
    }
}

static void deliver(struct flight *f)
{
    char *key = mem_printf("letter:%lld", (long long)f->id);
    const char *by = json_text(f->letter, "by");
    struct command c = {
        .kind = opens(f) ? COMMAND_ARRIVE : COMMAND_LETTER,
        .case_id = json_number(f->letter, "to", 0),
        .actor = {.kind = ACTOR_SYSTEM, .user = by != NULL ? by : "system"},
        .args = f->letter,
        .key = key,
        .method = "letter",
        .params_hash = digest_of(key, strlen(key)),
    };
    engine_submit(f->engine, &c, on_delivered, f);
    mem_free(key);
}

/* --- looking ---------------------------------------------------------------------------------- */

static void on_letters(json_t *rows, const struct err *err, void *ctx)
{
    struct engine *e = ctx;
    e->courier.asking = false;
    if (rows == NULL) {
        log_event(LOG_ERROR, "engine", "letters_unread", "error=\"%s\"", err->message);
        return;
    }
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        int64_t id = json_number(row, "id", 0);
        e->courier.cursor = id > e->courier.cursor ? id : e->courier.cursor;
        if (!in_flight(e, id)) {
            deliver(flight_new(e, id, json_object_get(row, "data")));
        }
    }
    e->courier.wanted = e->courier.wanted || i == LETTERS_PAGE;
}

void courier_turn(struct engine *e)
{
    if (!e->courier.wanted || e->courier.asking || e->read_only) {
        return;
    }
    e->courier.wanted = false;
    e->courier.asking = true;
    json_t *args = json_object();
    json_put_number(args, "after", e->courier.cursor);
    json_put_number(args, "limit", LETTERS_PAGE);
    store_ask(e->store, ASK_LETTERS, args, on_letters, e);
}

void engine_look_letters(struct engine *e)
{
    e->courier.cursor = 0;
    e->courier.wanted = true;
}

bool courier_idle(const struct engine *e)
{
    return e->read_only || (!e->courier.wanted && !e->courier.asking && e->courier.flights == NULL);
}

void courier_free(struct engine *e)
{
    while (e->courier.flights != NULL) {
        flight_free(e->courier.flights);
    }
}
