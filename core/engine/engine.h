/* engine/engine.h — commands in, events out. Knows no sockets and no threads.
 *
 * A command is decided into one event (may refuse, may run Lua, changes nothing), the event is
 * applied to the case in memory (pure), and joins the open batch. engine_flush() at the end of a
 * loop turn hands the batch to the store; the reply leaves when it is durable. One event holds
 * everything its command caused: {"changes":[{"op":…}…],"effects":[…]}. */
#ifndef FQ_ENGINE_ENGINE_H
#define FQ_ENGINE_ENGINE_H

#include "base/wallclock.h"
#include "domain/access.h"
#include "domain/classify.h"
#include "domain/flow.h"
#include "script/script.h"
#include "store/store.h"

struct engine; /* opaque */

struct engine_options {
    struct store *store;     /* borrowed; outlives the engine */
    struct wallclock *clock; /* borrowed */
    size_t cache_cases;      /* 0: default 10000 */
    size_t due_window;       /* clocks held in memory; 0: default 4096 */
};

struct engine *engine_open(const struct engine_options *options, struct err *err);
void engine_free(struct engine *e); /* accepts NULL */

/* Reference data. The engine owns what it is given and frees what it replaces. */
void engine_set_org(struct engine *e, struct org *org);
void engine_set_access(struct engine *e, struct access *access);
void engine_set_terms(struct engine *e, struct terms *terms);
void engine_set_taxonomy(struct engine *e, struct taxonomy *taxonomy);
struct calendar *engine_calendar(struct engine *e); /* borrowed; add years before cases run */
const struct org *engine_org(const struct engine *e);
const struct access *engine_access(const struct engine *e);
const struct terms *engine_terms(const struct engine *e);
/* Adds a version of a flow; it becomes the current one of its id. Takes both. */
void engine_add_flow(struct engine *e, struct flow *flow, struct script *script);
const struct flow *engine_flow(const struct engine *e, const char *id); /* current; id or title */
const struct flow *engine_flow_version(const struct engine *e, const char *version);
size_t engine_flow_count(const struct engine *e);
const struct flow *engine_flow_at(const struct engine *e, size_t i); /* current ones */

/* What flow_verify_links says of every current flow beside the others, with `instead` in place of
 * the one of its id unless NULL: rows with {flow, flow_title, file, line} besides. New reference.
 */
json_t *engine_verify_links(const struct engine *e, const struct flow *instead);
/* The errors of other flows that would come with it. New reference. */
json_t *engine_links_broken(const struct engine *e, const struct flow *instead);

/* The kind of effect by which cases write to each other; the engine delivers it itself. */
#define LETTER_KIND "letter"

/* --- commands ------------------------------------------------------------------------------ */

enum command_kind {
    COMMAND_OPEN,   /* args {flow, place?, body?, fields, parties?, source?, received_at?, note?} */
    COMMAND_ACT,    /* args {action, form?, reason?, note?, occurred_at?} */
    COMMAND_NOTE,   /* args {text} */
    COMMAND_ASSIGN, /* args {user, chosen_by?, reason?} — user null takes the assignment away */
    COMMAND_CLAIM,  /* args {} */
    COMMAND_CLASSIFY,    /* args {category, reason}: a person corrects the category */
    COMMAND_PAUSE,       /* args {clock, from, to?, reason}: excluded time the law lists */
    COMMAND_DOCUMENT,    /* args {template, title, series, content?, body?}: a number for it */
    COMMAND_REVEAL,      /* args {what, reason}: the values come from engine_reveal() */
    COMMAND_RECUSE,      /* args {user, reason, lift?}: must not handle the case, or may again */
    COMMAND_PARTY,       /* args {do:"add|set|remove", party?: from 1, values?, reason?} */
    COMMAND_CORRECT,     /* args {fields, reason}: fields that are asked at registration */
    COMMAND_ATTACH,      /* args {hash, name, size, media?, kind?}: the content is in the store */
    COMMAND_DETACH,      /* args {file, reason} */
    COMMAND_UNDO,        /* args {reason?}: takes back the last event, by who caused it */
    COMMAND_TASK_ASK,    /* args {task, body?, user?, text?, limit?}: asks a body in this state */
    COMMAND_TASK_ANSWER, /* args {id, text, opinion?} */
    COMMAND_TASK_RETURN, /* args {id, reason}: not ours to answer */
    COMMAND_TASK_CANCEL, /* args {id, reason}: taken back by whoever asked */
    COMMAND_URGE,        /* args {level, text, reply_by?}: supervision from above */
    COMMAND_LINK,      /* args {other:{case,number,flow,…}, reason}: one matter, says a person */
    COMMAND_UNLINK,    /* args {link, reason} */
    COMMAND_ARRIVE,    /* engine's own: a hand-over opens its linked case; args: the letter */
    COMMAND_LETTER,    /* engine's own: news of a linked case; args: the letter */
    COMMAND_DUE,       /* engine's own: clocks of the case that fell due */
    COMMAND_RECOMPUTE, /* engine's own: a calendar or terms arrived */
    COMMAND_COUNT,
};

/* The outcome. result: new state for people ({case, changed, state, next, due, version}); borrowed
 * — or, when `stored` is set, the stored answer to a repeated key, byte for byte. text is the
 * result as it was written for its key, so that it need not be written again; NULL without a key.
 */
struct command_result {
    const json_t *result;
    const char *text;
    const char *stored;
    const struct err *err; /* refused or failed when not NULL */
};
typedef void (*command_cb)(const struct command_result *r, void *ctx);

struct command {
    enum command_kind kind;
    int64_t case_id;        /* 0 for COMMAND_OPEN, or unknown yet: then `number` */
    const char *number;     /* case number, its end, or decimal id; when case_id is 0 */
    struct actor actor;     /* strings borrowed during the call only */
    const json_t *args;     /* borrowed during the call only (kept by reference) */
    int64_t expect_version; /* 0: any */
    const char *key;        /* idempotency key; NULL for the engine's own */
    const char *method;     /* wire method the key belongs to */
    struct digest params_hash;
    bool dry_run; /* decide only: say what would happen, write nothing */
};

/* Exactly one callback, never before the return. done may be NULL. */
void engine_submit(struct engine *e, const struct command *c, command_cb done, void *ctx);

/* --- reading -------------------------------------------------------------------------------- */

/* Loads (or finds) a case, asks for `right` and calls back with it; borrowed in the callback. */
typedef void (*case_cb)(const struct casefile *c, const struct err *err, void *ctx);
void engine_read(struct engine *e, const char *number_or_id, const struct actor *actor,
    const char *right, case_cb done, void *ctx);
/* The case page: fields with titles, clocks with words, allowed and refused actions with reasons.
 * {id, number, flow, flow_title, state, state_title, level, host{id,name}, assignee, place,
 * category, fields:[{name,title,value}], parties, marks, clocks:[…],
 * due:{legal,remaining,words,colour},
 *  actions:[{name,title,allowed,why,who,form:[…],reason,to_title}], version, …}. New reference. */
json_t *engine_case_page(struct engine *e, const struct casefile *c, const struct actor *actor);
/* For printing a document whose making is recorded under the actor's name: {document, parties,
 * whole}, the numbers of the parties unmasked (whole) for those who see secrets. ERR_FORBIDDEN for
 * anybody else: nothing is shown that the history does not tell. New reference, NULL with err. */
json_t *engine_case_paper(struct engine *e, const struct casefile *c, const struct actor *actor,
    const char *document, struct err *err);
/* {allowed, reason?, who?, rule?, form, effects_preview}; action by name or title. New reference,
 * NULL with err when there is no such action (nearest name, what is possible now). */
json_t *engine_can(struct engine *e, const struct casefile *c, const struct actor *actor,
    const char *action, struct err *err);
/* {clocks:[{…, explain}], assignment:[…], urgency:{total, parts:[{name,points}]}}. New reference.
 */
json_t *engine_why(struct engine *e, const struct casefile *c, const struct actor *actor);
/* Are the words of a case they may read for the actor? Not those of a sealed case that is another
 * person's: of that they know that it is there. */
bool engine_shows_words(const struct casefile *c, const struct actor *actor);
/* What other cases may know of it: nothing of one under seal; "open" "handling" "closed". */
bool engine_case_sealed(const struct casefile *c);
const char *engine_case_status(const struct engine *e, const struct casefile *c);
/* Adds words to list rows: state title, remaining, colour, urgency, host and place names. */
void engine_decorate_rows(struct engine *e, json_t *rows);
/* May the actor see secret fields of a case they may read? They are for the people of the body that
 * has it, or had it first. */
bool engine_sees_secrets(
    const struct engine *e, const struct casefile *c, const struct actor *actor);
/* What a durable COMMAND_REVEAL was about, in the clear: [{what, title, value}]. The caller has
 * asked for case.reveal. New reference; NULL with err when it is not there or not for the actor. */
json_t *engine_reveal(const struct engine *e, const struct casefile *c, const struct actor *actor,
    const char *what, struct err *err);
/* The attachment with that id, or NULL; borrowed from the case. */
const json_t *case_file(const struct casefile *c, const char *id);
/* One event as people read it: {version, at, type, actor, actor_name, words, data}. Secret fields
 * are hidden unless `secrets`, numbers that identify people always. New reference. */
json_t *engine_event_page(struct engine *e, const json_t *event_row, bool secrets);
/* What leaves the engine for whoever need not know people: an event, or a command's arguments, with
 * secret fields hidden, numbers that identify people masked, and of a sealed case no words at all.
 * kase may be NULL. New references. */
json_t *engine_event_veiled(struct engine *e, const json_t *event);
json_t *engine_args_veiled(struct engine *e, const struct command *c, const struct casefile *kase);

/* --- turning -------------------------------------------------------------------------------- */

void engine_flush(struct engine *e); /* end of a turn: hand the open batch to the store */
/* Fires what is due by the clock and refills the window; call when engine_next_ms() has come,
 * and after the clock was moved. Bounded work per call; true when more is due already. */
bool engine_run_due(struct engine *e);
int64_t engine_next_ms(const struct engine *e); /* INT64_MAX: nothing in the window */
bool engine_idle(const struct engine *e);       /* nothing undecided, unwritten or being loaded */
bool engine_read_only(const struct engine *e);
/* Looks for letters between cases that nobody delivered (a daemon died): call every few seconds. */
void engine_look_letters(struct engine *e);
void engine_try_recover(
    struct engine *e); /* in read-only mode: probe the store; call each second */
/* After calendar_add(): recompute every open clock that touches the year, by events. done gets the
 * list of changed dates: {changed:[{case, clock, from, to}]}. */
void engine_recompute(struct engine *e, int year, command_cb done, void *ctx);
/* After engine_set_terms(): every open clock of these terms [id] gets the row in force on the day
 * it started; what was decided before stays. Borrows the list. done as above. */
void engine_recompute_terms(struct engine *e, json_t *terms, command_cb done, void *ctx);
json_t *engine_stat(const struct engine *e); /* counters for health and metrics; new reference */

/* --- extension (plug/, rpc/ register here; the engine never learns who they are) ------------- */

/* Called before a command is decided into an event. false with err refuses it. */
typedef bool (*engine_veto_fn)(
    const struct command *c, const struct casefile *kase, void *ctx, struct err *err);
void engine_add_veto(struct engine *e, engine_veto_fn fn, void *ctx);
/* Called once per durable event, in seq order: {seq, case, number, flow, version, at_ms, type,
 * actor, data, host, origin, supervisor, place_path}; borrowed. */
typedef void (*engine_listener_fn)(const json_t *event, void *ctx);
void engine_add_listener(struct engine *e, engine_listener_fn fn, void *ctx);
/* Called when effects became durable, so that pending rows are worth reading now. */
typedef void (*engine_effects_fn)(void *ctx);
void engine_on_effects(struct engine *e, engine_effects_fn fn, void *ctx);

#endif
