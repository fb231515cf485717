/* script/dsl_read.h — small readers shared by the files of the language (dsl*.c). */
#ifndef FQ_SCRIPT_DSL_READ_H
#define FQ_SCRIPT_DSL_READ_H

#include "domain/docread.h"
#include "script/outline.h"

struct dsl {
    struct docread r;              /* path and first error */
    const struct outline *outline; /* may be NULL */
    const json_t *states;          /* raw; for "*" */
};

/* Is value a table made by the word? */
bool dsl_is(const json_t *value, const char *word);
/* The word's own text, "" when it has none. */
const char *dsl_name(const json_t *value);
const json_t *dsl_list(
    const json_t *value); /* its unnamed values, or the list itself; may be NULL */
/* "a|b" or { "a", "b" } as an array; NULL when absent. New reference. */
json_t *dsl_names(struct dsl *d, const json_t *owner, const char *member);
/* Copies members that need no translation. */
void dsl_copy(json_t *to, const json_t *from, const char *const members[]);
/* Calls back for each member of owner[member] in the order of the script. */
typedef json_t *(*dsl_item_fn)(struct dsl *d, const char *name, const json_t *value);
/* owner[member] as an array of what fn makes of each named value; absent: NULL. */
json_t *dsl_section(struct dsl *d, const json_t *owner, const char *member, dsl_item_fn fn);
/* A target: "parent", kind "xfj" { level = "district" }, … New reference; NULL on error. */
json_t *dsl_target(struct dsl *d, const json_t *owner, const char *member);
/* One outcome word; hooks may use more of them. New reference; NULL on error. */
json_t *dsl_outcome(struct dsl *d, const json_t *value, bool hook);
/* The clocks section's items (dsl_clock.c). */
json_t *dsl_clock(struct dsl *d, const char *name, const json_t *value);
/* Adds what stands in clock.late to the steps (dsl_clock.c). */
void dsl_lateness(struct dsl *d, json_t *steps, const json_t *clock);
/* The tasks section's items, and a state's joint = …, adhoc = … (dsl_tasks.c). */
/* task { flow = …, to = …, carry = … }: as the document writes a hand-over (dsl_links.c). */
json_t *dsl_sub_case(struct dsl *d, const json_t *task);
json_t *dsl_task(struct dsl *d, const char *name, const json_t *value);
void dsl_state_tasks(struct dsl *d, json_t *state, const json_t *value);
/* The member hand_over of an action (dsl_links.c). New reference; NULL on error. */
json_t *dsl_hand_over(struct dsl *d, const json_t *action);
/* A level by number or name; -1 on error. */
int dsl_level(struct dsl *d, const json_t *owner, const char *member, int otherwise);

#endif
