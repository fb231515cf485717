/* script/script.h — a workflow script: loaded once in the sandbox, then asked small questions.
 *
 * One Lua state per flow version; globals frozen after loading. Guards and hooks are functions
 * of a read-only case that return data; they cannot do I/O, read time, or keep anything between
 * calls. Instruction, memory and depth budgets are sticky: nothing in the script can swallow
 * them, and after a violation the state is thrown away and built anew. */
#ifndef FQ_SCRIPT_SCRIPT_H
#define FQ_SCRIPT_SCRIPT_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flow;
struct script; /* opaque */

struct script_limits {
    int64_t instructions; /* per call */
    size_t memory_bytes;  /* of the whole state */
    size_t source_bytes;
};
extern const struct script_limits script_limits_default;

/* Runs `source` once. On success *flow_out is the compiled flow (caller frees with flow_free)
 * and the script is returned; on failure NULL with ERR_SCRIPT or ERR_LIMIT: file, line, what,
 * nearest name. `name` is what messages call the file. */
struct script *script_load(const char *source, size_t len, const char *name,
    const struct script_limits *limits, struct flow **flow_out, struct err *err);
void script_free(struct script *s); /* accepts NULL */

/* Line of a place in the document ("actions.accept.to"); 0 when unknown. */
int script_line(const struct script *s, const char *path);
int script_place(const struct script *s, const char *path, int *column_out); /* and its column */
/* The scenarios of the script's `tests` table: [{name, steps:[…]}]; borrowed. */
const json_t *script_tests(const struct script *s);

/* A case whose members are made when a script looks at them. */
struct script_view {
    uint64_t stamp; /* the same number: the same case, unchanged; 0: as it is in this call only */
    const char *(*name)(size_t member);       /* NULL behind the last */
    json_t *(*see)(void *ctx, size_t member); /* new reference; NULL: nil */
    void *ctx;
};

/* What a guard or hook sees: the case ({number,state,category,place,level,fields,parties,marks,
 * profile,…}) by a view, or whole as JSON; the form input, and the day. All borrowed. */
struct script_call {
    const json_t *kase; /* when there is no view */
    const json_t *input;
    const char *today; /* YYYY-MM-DD */
    const struct script_view *view;
};

/* Called as function(case, input, today). A guard returns true, or false, the words the user reads
 * and, when there is one, the legal ground.
 * true: the guard agrees. false with ERR_GUARD: it refuses, message = its own words (data.ground
 * may carry the article); ERR_SCRIPT / ERR_LIMIT: it failed (file:line in the message). */
bool script_guard(
    struct script *s, const char *guard, const struct script_call *call, struct err *err);
/* A hook's outcomes, as domain/flow_doc.md describes OUTCOME, besides {"do":"set","field","value"}
 * and `data` of an effect; new reference; NULL on error. */
json_t *script_hook(
    struct script *s, const char *hook, const struct script_call *call, struct err *err);

/* Data files in the same language (configuration, mappings, rights): run without any library,
 * checked to be plain data. `return { … }`. New reference or NULL with ERR_CONFIG file:line. */
json_t *datafile_parse(const char *source, size_t len, const char *name, struct err *err);
json_t *datafile_load(const char *path, struct err *err);

#endif
