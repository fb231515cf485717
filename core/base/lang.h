/* base/lang.h — Chinese first, English second.
 *
 * msgids are English; each room keeps its Chinese in its own zh_CN.po, and the
 * build joins them into one gettext catalogue. The language is chosen per
 * thread and per request: the daemon answers a Chinese and an English client
 * in the same turn. */
#ifndef FQ_BASE_LANG_H
#define FQ_BASE_LANG_H

#include <stdbool.h>

enum lang { LANG_ZH, LANG_EN };

/* Call once before threads start. Sets a UTF-8 locale, whatever the machine has. */
void lang_init(void);
void lang_use(enum lang lang); /* this thread, from now on */
enum lang lang_current(void);
bool lang_parse(const char *name, enum lang *lang_out); /* "zh", "zh_CN.UTF-8", "en", … */

/* The message in the current language. For constant msgids only: xgettext collects _(). */
const char *lang_text(const char *msgid) __attribute__((format_arg(1)));
#define _(msgid) lang_text(msgid)
#define N_(msgid) (msgid) /* marks a msgid in a table; use _() where it is shown */

#endif
