/* script/words.h — the words of the workflow language, as a script sees them.
 *
 * A word is a function of one text or one table that gives a marked table; calling that again
 * adds to it: on "a -> b" { title = … }. What a word means is decided in dsl.c, from JSON. */
#ifndef FQ_SCRIPT_WORDS_H
#define FQ_SCRIPT_WORDS_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

/* Puts all words into the table on top of the stack. */
void words_install(lua_State *lua);
/* Takes those out again that only make sense while loading. */
void words_retire(lua_State *lua);
bool words_is_word(lua_State *lua, int index);
/* The word or function closest to a mistyped one; NULL: none near. */
const char *words_nearest(const char *name);

/* Every word with one line of explanation, for the reference and for completion. */
struct word_doc {
    const char *name;
    bool hooks; /* also offered to hooks */
    const char *doc;
};
const struct word_doc *words_list(size_t *count_out);

#endif
