/* client/paint.c — see paint.h. */
#include "client/paint.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const sequences[] = {
    [PAINT_PLAIN] = "",
    [PAINT_BOLD] = "\x1b[1m",
    [PAINT_DIM] = "\x1b[2m",
    [PAINT_GREEN] = "\x1b[32m",
    [PAINT_YELLOW] = "\x1b[33m",
    [PAINT_RED] = "\x1b[1;31m",
};

const char *paint_on(enum paint paint, bool color)
{
    return color ? sequences[paint] : "";
}

const char *paint_off(enum paint paint, bool color)
{
    return color && paint != PAINT_PLAIN ? "\x1b[0m" : "";
}

enum paint paint_of_due(const json_t *due)
{
    const char *colour = json_text(due, "colour");
    if (text_equal(colour, "red")) {
        return PAINT_RED;
    }
    return text_equal(colour, "yellow") ? PAINT_YELLOW : PAINT_PLAIN;
}

bool paint_wanted(int fd)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return isatty(fd) && (no_color == NULL || *no_color == '\0') && term != NULL &&
           strcmp(term, "dumb") != 0;
}

static char *count_words(int64_t workdays)
{
    if (workdays < 0) {
        return mem_printf(_("%lld workdays late"), (long long)-workdays);
    }
    if (workdays == 0) {
        return mem_strdup(_("due today"));
    }
    return mem_printf(_("%lld workdays left"), (long long)workdays);
}

char *paint_due_words(const json_t *due)
{
    if (!json_is_object(due)) {
        return mem_strdup("");
    }
    const char *given = json_text(due, "words");
    char *words = given != NULL ? mem_strdup(given)
                  : json_member(due, "workdays") != NULL
                      ? count_words(json_number(due, "workdays", 0))
                      : mem_strdup("");
    bool coloured = *words != '\0' && paint_of_due(due) != PAINT_PLAIN;
    bool listed = json_flag(due, "listed");
    if (!coloured && !listed) {
        return words;
    }
    char *marked = mem_printf("%s%s%s%s", coloured ? "! " : "",
        listed ? _("listed supervision") : "", listed && *words != '\0' ? " " : "", words);
    mem_free(words);
    return marked;
}
