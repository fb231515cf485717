/* base/log.c — see log.h. The line is built first and written at once, so that
 * threads never mix their lines. */
#include "base/log.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/wallclock.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum log_level highest_level = LOG_INFO;
static bool json_lines;

static const struct {
    const char *name;
    int syslog; /* "<N>" prefix understood by journald */
} levels[] = {
    [LOG_ERROR] = {"error", 3},
    [LOG_WARNING] = {"warning", 4},
    [LOG_INFO] = {"info", 6},
    [LOG_DEBUG] = {"debug", 7},
};

void log_setup(enum log_level highest, bool as_json)
{
    highest_level = highest;
    json_lines = as_json;
}

static void line_as_json(struct buf *line, const char *time, enum log_level level,
    const char *module, const char *event, const char *pairs)
{
    json_t *o = json_pack("{s:s,s:s,s:s,s:s,s:s}", "time", time, "level", levels[level].name,
        "module", module, "event", event, "text", pairs);
    if (o != NULL) {
        char *text = json_dumps(o, JSON_COMPACT);
        buf_adds(line, text);
        free(text);
        json_decref(o);
    }
}

void log_event(enum log_level level, const char *module, const char *event, const char *fmt, ...)
{
    if (level > highest_level) {
        return;
    }
    struct wallclock real;
    wallclock_init_real(&real);
    char time[INSTANT_TEXT];
    instant_format(wallclock_now_ms(&real), time);
    struct buf pairs = {0}, line = {0};
    va_list args;
    va_start(args, fmt);
    buf_vaddf(&pairs, fmt, args);
    va_end(args);
    for (size_t i = 0; i < pairs.len; i++) {
        if ((unsigned char)pairs.data[i] < 0x20) {
            pairs.data[i] = ' '; /* one event stays one line, whatever a value holds */
        }
    }
    if (getenv("JOURNAL_STREAM") != NULL) {
        buf_addf(&line, "<%d>", levels[level].syslog);
    }
    if (json_lines) {
        line_as_json(&line, time, level, module, event, buf_text(&pairs));
    } else {
        buf_addf(&line, "%s %s %s %s%s%s", time, levels[level].name, module, event,
            pairs.len > 0 ? " " : "", buf_text(&pairs));
    }
    buf_addc(&line, '\n');
    ssize_t written = write(STDERR_FILENO, line.data, line.len);
    (void)written; /* nowhere left to say it */
    buf_close(&pairs);
    buf_close(&line);
}
