/* store/sqlite/proof.c — is the whole history the one that was written? Three walks: all events by
 * seq (nothing missing, and the same as in kept heads), all cases (each chain), the audit.
 *
 * Every step is a read transaction of its own, so a walk beside a daemon at work keeps no old state
 * alive. That is sound: events and audit rows are never changed, the walk by seq ends at what was
 * last when it began, and a case is compared with its events within one step. */
#include "store/sqlite/proof.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"

#include <string.h>

enum { STEP = 2000 /* rows: some 10 ms */, BAD_MAX = 100 /* told one by one */ };

struct proof {
    struct db *db;
    const struct heads *against;
    struct heads *made;
    struct walk *walk;
    struct digest digest, audit_hash;
    int64_t last, seq, events, cases, audit, spacing, schema;
    size_t next_mark;               /* of `against` */
    int64_t sound;                  /* the last mark that fitted */
    int64_t unlike_from, unlike_to; /* the first stretch that is not as it was kept; 0: none */
    json_t *bad;                    /* owned */
    json_t *newest;                 /* owned; in `bad` too unless that is full */
    int64_t bad_count;
};

/* The new entry, borrowed. */
static json_t *add_bad(struct proof *p, const char *what, int64_t seq, const char *problem)
{
    json_t *entry = json_pack("{s:s, s:s}", "what", what, "problem", _(problem));
    if (seq > 0) {
        json_put_number(entry, strcmp(what, "audit") == 0 ? "id" : "seq", seq);
    }
    p->bad_count++;
    if (json_array_size(p->bad) < BAD_MAX) {
        json_array_append(p->bad, entry);
    }
    json_decref(p->newest);
    p->newest = entry;
    return entry;
}

/* --- by seq ----------------------------------------------------------------------------------- */

static void add_gap(struct proof *p, int64_t from, int64_t to, const char *problem)
{
    json_t *entry = add_bad(p, "event", from, problem);
    json_object_set_new(entry, "gap", json_true());
    if (to > from) {
        json_put_number(entry, "until", to);
    }
}

static void make_mark(struct proof *p)
{
    if (p->made != NULL && (p->seq % p->spacing == 0 || p->seq == p->last)) {
        p->made->marks[p->made->count++] = (struct head_mark){p->seq, p->digest};
    }
}

/* All kept marks up to the event just read. A mark whose event is not there fits nothing. */
static void compare_marks(struct proof *p, int64_t up_to)
{
    while (p->against != NULL && p->next_mark < p->against->count &&
           p->against->marks[p->next_mark].seq <= up_to) {
        const struct head_mark *m = &p->against->marks[p->next_mark++];
        bool same = m->seq == p->seq && memcmp(&m->digest, &p->digest, sizeof p->digest) == 0;
        if (same && p->unlike_from == 0) {
            p->sound = m->seq;
        } else if (p->unlike_from == 0) {
            p->unlike_from = p->sound + 1;
            p->unlike_to = m->seq;
        }
    }
}

/* Columns seq, case, version, hash. */
static void take_event(struct proof *p, sqlite3_stmt *st)
{
    int64_t seq = sqlite3_column_int64(st, 0), version = sqlite3_column_int64(st, 2);
    struct digest hash = {{0}};
    if (seq > p->seq + 1) {
        compare_marks(p, seq - 1);
        add_gap(p, p->seq + 1, seq - 1, N_("the event is missing"));
    }
    if (sqlite3_column_bytes(st, 3) == DIGEST_SIZE) {
        memcpy(hash.bytes, sqlite3_column_blob(st, 3), DIGEST_SIZE);
    }
    p->digest = heads_fold(&p->digest, seq, sqlite3_column_int64(st, 1), version, &hash);
    p->seq = seq;
    p->events++;
    p->cases += version == 1;
    make_mark(p);
    compare_marks(p, seq);
}

/* One step; *more_out: there may be more. */
static bool step_events(struct proof *p, bool *more_out, struct err *err)
{
    int64_t before = p->events;
    sqlite3_stmt *st = db_statement(p->db, SQL_PROOF_EVENTS);
    bind_number(st, 1, p->seq);
    bind_number(st, 2, p->last);
    bind_number(st, 3, STEP);
    enum row row;
    while ((row = db_step(p->db, st, err)) == ROW_THERE) {
        take_event(p, st);
    }
    *more_out = p->events - before == STEP;
    return row == ROW_NONE && walk_on(p->walk, p->events - before, err);
}

static bool read_ends(struct proof *p, struct err *err)
{
    sqlite3_stmt *st = db_statement(p->db, SQL_PROOF_ENDS);
    if (db_step(p->db, st, err) != ROW_THERE) {
        return false;
    }
    int64_t spoken_of = sqlite3_column_int64(st, 1);
    p->last = sqlite3_column_int64(st, 0);
    p->schema = sqlite3_column_int64(st, 2);
    p->spacing = heads_spacing(p->last);
    sqlite3_reset(st);
    if (p->against != NULL && heads_last_seq(p->against) > spoken_of) {
        spoken_of = heads_last_seq(p->against);
    }
    if (spoken_of > p->last) {
        add_gap(p, p->last + 1, spoken_of, N_("events at the end are missing"));
    }
    return true;
}

static bool walk_events(struct proof *p, struct err *err)
{
    bool more = true;
    while (more) {
        if (!step_events(p, &more, err)) {
            return false;
        }
    }
    compare_marks(p, INT64_MAX);
    return true;
}

/* --- by case ---------------------------------------------------------------------------------- */

/* What is missing in a case is in a gap that the walk by seq has found. When one event alone fits,
 * that is it; of several it cannot be known which. *before_out: they are all behind it. */
static json_t *gap_of(struct proof *p, const struct chain *c, int64_t *before_out)
{
    size_t i, fitting = 0;
    json_t *entry, *found = NULL;
    *before_out = c->sound_seq;
    json_array_foreach(p->bad, i, entry)
    {
        int64_t seq = json_number(entry, "seq", 0);
        if (json_flag(entry, "gap") && seq > c->sound_seq &&
            (c->bad_seq == 0 || seq < c->bad_seq)) {
            *before_out = fitting == 0 ? seq - 1 : *before_out;
            found = entry;
            fitting += json_object_get(entry, "until") != NULL ? 2 : 1;
        }
    }
    return fitting == 1 && json_object_get(found, "case") == NULL ? found : NULL;
}

static bool add_case(struct proof *p, int64_t id, const struct chain *c, struct err *err)
{
    int64_t before = c->sound_seq;
    json_t *entry = c->missing ? gap_of(p, c, &before) : NULL;
    if (entry == NULL) {
        entry = add_bad(p, c->row ? "event" : "case", c->missing ? 0 : c->bad_seq, c->problem);
        json_put_number(entry, "after_seq", before);
    }
    json_put_number(entry, "case", id);
    json_put_number(entry, "version", c->bad_version);
    sqlite3_stmt *st = db_statement(p->db, SQL_PROOF_NUMBER);
    bind_number(st, 1, id);
    enum row row = db_step(p->db, st, err);
    if (row == ROW_THERE) {
        json_put_text(entry, "number", (const char *)sqlite3_column_text(st, 0));
    }
    sqlite3_reset(st);
    return row != ROW_FAILED;
}

/* Cases behind *id until a step is full; *id 0: no more. */
static bool step_cases(struct proof *p, int64_t *id, struct err *err)
{
    int64_t read = 0;
    while (read < STEP) {
        sqlite3_stmt *st = db_statement(p->db, SQL_PROOF_CASE);
        struct chain c;
        bind_number(st, 1, *id);
        if (db_step(p->db, st, err) != ROW_THERE) {
            return false;
        }
        *id = sqlite3_column_int64(st, 0);
        sqlite3_reset(st);
        if (*id == 0) {
            break;
        }
        if (!db_chain(p->db, *id, &c, err) || (c.problem != NULL && !add_case(p, *id, &c, err))) {
            return false;
        }
        read += c.events + 1;
    }
    return walk_on(p->walk, read, err);
}

static bool walk_cases(struct proof *p, struct err *err)
{
    int64_t id = 0;
    do {
        if (!db_script(p->db, SCRIPT_BEGIN_READ, err)) {
            return false;
        }
        bool ok = step_cases(p, &id, err);
        db_rollback(p->db);
        if (!ok) {
            return false;
        }
    } while (id != 0);
    return true;
}

/* --- the audit -------------------------------------------------------------------------------- */

static void compare_audit(struct proof *p, int64_t id, const struct digest *hash)
{
    if (p->against != NULL && id == p->against->audit_id &&
        memcmp(hash, &p->against->audit_hash, sizeof *hash) != 0) {
        add_bad(p, "audit", id, N_("the audit up to here is not the one whose head was kept"));
    }
}

/* Columns id, data, hash, whether the other columns differ. After a bad row the chain goes on from
 * what stands there: each later fault is told on its own. */
static void take_audit(struct proof *p, sqlite3_stmt *st)
{
    int64_t id = sqlite3_column_int64(st, 0);
    struct digest hash = digest_of2(p->audit_hash.bytes, DIGEST_SIZE, sqlite3_column_blob(st, 1),
        (size_t)sqlite3_column_bytes(st, 1));
    bool whole = sqlite3_column_bytes(st, 2) == DIGEST_SIZE;
    if (id != p->audit + 1) {
        add_bad(p, "audit", p->audit + 1, N_("the audit entry is missing"));
    } else if (!whole || memcmp(sqlite3_column_blob(st, 2), hash.bytes, DIGEST_SIZE) != 0) {
        add_bad(p, "audit", id, N_("the content does not fit the hash chain"));
    } else if (sqlite3_column_int(st, 3) != 0) {
        add_bad(p, "audit", id, N_("time, kind or person differ from the content"));
    }
    if (whole) {
        memcpy(hash.bytes, sqlite3_column_blob(st, 2), DIGEST_SIZE);
    }
    p->audit_hash = hash;
    p->audit = id;
    compare_audit(p, id, &hash);
}

static bool walk_audit(struct proof *p, struct err *err)
{
    for (bool more = true; more;) {
        int64_t n = 0;
        sqlite3_stmt *st = db_statement(p->db, SQL_PROOF_AUDIT);
        bind_number(st, 1, p->audit);
        bind_number(st, 2, STEP);
        enum row row;
        while ((row = db_step(p->db, st, err)) == ROW_THERE) {
            take_audit(p, st);
            n++;
        }
        if (row == ROW_FAILED || !walk_on(p->walk, n, err)) {
            return false;
        }
        more = n == STEP;
    }
    if (p->against != NULL && p->against->audit_id > p->audit) {
        add_bad(p, "audit", p->audit + 1, N_("audit entries at the end are missing"));
    }
    return true;
}

/* --- the verdict ------------------------------------------------------------------------------ */

/* A stretch that is not as kept is worth a line of its own only when nothing in it was found bad.
 */
static void tell_unlike(struct proof *p)
{
    size_t i;
    json_t *entry;
    json_array_foreach(p->bad, i, entry)
    {
        int64_t seq = json_number(entry, "seq", json_number(entry, "after_seq", -1) + 1);
        if (seq >= p->unlike_from && seq <= p->unlike_to) {
            return;
        }
    }
    if (p->unlike_from != 0) {
        add_gap(p, p->unlike_from, p->unlike_to,
            N_("the history is not the one whose heads were kept"));
    }
}

static int64_t place_of(const json_t *entry)
{
    int64_t seq = json_number(entry, "seq", json_number(entry, "after_seq", INT64_MAX - 1) + 1);
    return json_object_get(entry, "id") != NULL ? INT64_MAX : seq; /* the audit last */
}

/* Events by seq; stable. There are BAD_MAX at most. */
static json_t *sorted(const json_t *bad)
{
    json_t *list = json_array(), *entry;
    size_t i;
    json_array_foreach(bad, i, entry)
    {
        size_t at = json_array_size(list);
        while (at > 0 && place_of(json_array_get(list, at - 1)) > place_of(entry)) {
            at--;
        }
        json_array_insert(list, at, entry);
    }
    return list;
}

static json_t *verdict(struct proof *p)
{
    char history[DIGEST_TEXT], audit[DIGEST_TEXT];
    tell_unlike(p);
    json_t *out =
        json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:s, s:s}", "ok", p->bad_count == 0, "schema",
            (json_int_t)p->schema, "last_seq", (json_int_t)p->last, "events", (json_int_t)p->events,
            "cases", (json_int_t)p->cases, "audit", (json_int_t)p->audit, "history",
            digest_hex(&p->digest, history), "audit_head", digest_hex(&p->audit_hash, audit));
    if (p->bad_count > 0) {
        json_put_number(out, "bad_count", p->bad_count);
        json_object_set_new(out, "bad", sorted(p->bad));
    }
    if (p->against != NULL) {
        json_put_number(out, "kept_seq", heads_last_seq(p->against));
    }
    return out;
}

json_t *db_proof(struct db *db, int flags, const struct heads *against, struct heads *made,
    struct walk *walk, struct err *err)
{
    struct proof p = {.db = db, .against = against, .made = made, .walk = walk};
    p.bad = json_array();
    bool ok = read_ends(&p, err);
    walk_begin(walk, WALK_CHECK, p.last * ((flags & PROOF_CASES) != 0 ? 2 : 1));
    ok = ok && walk_events(&p, err) && ((flags & PROOF_CASES) == 0 || walk_cases(&p, err)) &&
         walk_audit(&p, err);
    if (ok && made != NULL) {
        made->cases = p.cases;
        made->audit_id = p.audit;
        made->audit_hash = p.audit_hash;
    }
    json_t *out = ok ? verdict(&p) : NULL;
    json_decref(p.bad);
    json_decref(p.newest);
    return out;
}
