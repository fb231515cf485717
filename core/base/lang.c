/* base/lang.c — see lang.h.
 *
 * gettext under LANGUAGE=zh_CN always answers Chinese; for English the msgid
 * itself is the text. A catalogue that is not installed leaves English. */
#include "base/lang.h"

#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define DOMAIN "fengqiao"

static _Thread_local enum lang current = LANG_ZH;

void lang_init(void)
{
    /* Bare Debian has C.UTF-8 only; zh_CN.UTF-8 makes setlocale fail there. */
    if (setlocale(LC_ALL, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
        setlocale(LC_ALL, "C.UTF-8");
    }
    setlocale(LC_NUMERIC, "C");
    /* For gettext, messages of the locale "C" have no LANGUAGE, even where LC_CTYPE is UTF-8. */
    setlocale(LC_MESSAGES, "C.UTF-8");
    setenv("LANGUAGE", "zh_CN", 1);
    const char *dir = getenv("FENGQIAO_LOCALE_DIR");
    bindtextdomain(DOMAIN, dir != NULL ? dir : FENGQIAO_LOCALE_DIR);
    bind_textdomain_codeset(DOMAIN, "UTF-8");
}

void lang_use(enum lang lang)
{
    current = lang;
}

enum lang lang_current(void)
{
    return current;
}

bool lang_parse(const char *name, enum lang *lang_out)
{
    if (name == NULL) {
        return false;
    }
    if (strncmp(name, "zh", 2) == 0) {
        *lang_out = LANG_ZH;
    } else if (strncmp(name, "en", 2) == 0) {
        *lang_out = LANG_EN;
    } else {
        return false;
    }
    return true;
}

const char *lang_text(const char *msgid)
{
    return current == LANG_ZH ? dgettext(DOMAIN, msgid) : msgid;
}
