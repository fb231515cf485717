/* wire/frame.c — see frame.h. Bytes are searched once: a line that comes byte by byte costs no more
 * than one that comes whole. */
#include "wire/frame.h"

#include "base/lang.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *bytes;
    size_t len;
    enum frame_foreign foreign;
} greetings[] = {
    {"GET ", 4, FOREIGN_HTTP},
    {"POST", 4, FOREIGN_HTTP},
    {"PUT ", 4, FOREIGN_HTTP},
    {"HEAD", 4, FOREIGN_HTTP},
    {"OPTI", 4, FOREIGN_HTTP},
    {"PRI ", 4, FOREIGN_HTTP}, /* HTTP/2 preface */
    {"DELE", 4, FOREIGN_HTTP},
    {"PATC", 4, FOREIGN_HTTP},
    {"CONN", 4, FOREIGN_HTTP},
    {"TRAC", 4, FOREIGN_HTTP},
    {"\x16\x03", 2, FOREIGN_TLS}, /* handshake record of TLS 1.x: ClientHello */
    {"SSH-", 4, FOREIGN_SSH},
};

enum { FRAME_KEEP = 16 * 1024 }; /* of an idle connection's buffer */

void frames_init(struct frames *f, size_t line_max, bool guard)
{
    memset(f, 0, sizeof *f);
    f->line_max = line_max != 0 ? line_max : FRAME_LINE_MAX;
    f->guard = guard;
}

void frames_close(struct frames *f)
{
    buf_close(&f->bytes);
}

void frames_feed(struct frames *f, const char *data, size_t len)
{
    if (f->broken != FRAME_MORE) {
        return; /* nothing after the break can be trusted to start a line */
    }
    if (f->start > 0) {
        buf_cut(&f->bytes, f->start);
        f->searched -= f->start;
        f->start = 0;
    }
    buf_add(&f->bytes, data, len);
}

void frames_end(struct frames *f)
{
    if (frames_waiting(f) > 0 && f->bytes.data[f->bytes.len - 1] != '\n') {
        frames_feed(f, "\n", 1);
    }
}

size_t frames_waiting(const struct frames *f)
{
    return f->bytes.len - f->start;
}

/* A first line that starts like another protocol, or a Host: header anywhere. */
static enum frame_foreign foreign_of(const struct frames *f, const char *line, size_t len)
{
    if (!f->guard) {
        return FOREIGN_NONE;
    }
    for (size_t i = 0; !f->begun && i < sizeof greetings / sizeof greetings[0]; i++) {
        if (len >= greetings[i].len && memcmp(line, greetings[i].bytes, greetings[i].len) == 0) {
            return greetings[i].foreign;
        }
    }
    return len >= 5 && strncasecmp(line, "Host:", 5) == 0 ? FOREIGN_HTTP : FOREIGN_NONE;
}

static enum frame_kind break_off(struct frames *f, enum frame_kind kind)
{
    f->broken = kind;
    f->start = f->searched = 0;
    buf_close(&f->bytes);
    return kind;
}

/* All was handed out: a connection that once sent a long line need not hold its memory for ever. */
static void let_go(struct frames *f)
{
    f->start = f->searched = 0;
    if (f->bytes.cap > FRAME_KEEP) {
        buf_close(&f->bytes);
    } else {
        buf_clear(&f->bytes);
    }
}

/* No LF among what waits: is it already known that there will be no good line? */
static enum frame_kind unfinished(struct frames *f)
{
    const char *line = f->bytes.data + f->start;
    size_t len = frames_waiting(f);
    if (len == 0) {
        let_go(f);
        return FRAME_MORE;
    }
    f->foreign = foreign_of(f, line, len);
    if (f->foreign != FOREIGN_NONE) {
        return break_off(f, FRAME_FOREIGN);
    }
    bool may_end = len == f->line_max + 1 && line[len - 1] == '\r'; /* the LF may follow */
    if (len > f->line_max && !may_end) {
        return break_off(f, FRAME_TOO_LONG);
    }
    return FRAME_MORE;
}

enum frame_kind frames_next(struct frames *f, char **line_out, size_t *len_out)
{
    if (f->broken != FRAME_MORE) {
        return f->broken;
    }
    while (f->searched < f->bytes.len) {
        char *line = f->bytes.data + f->start;
        char *end = memchr(f->bytes.data + f->searched, '\n', f->bytes.len - f->searched);
        if (end == NULL) {
            f->searched = f->bytes.len;
            break;
        }
        f->start = f->searched = (size_t)(end - f->bytes.data) + 1;
        if (end > line && end[-1] == '\r') {
            end--;
        }
        size_t len = (size_t)(end - line);
        if (len == 0) {
            continue;
        }
        f->foreign = foreign_of(f, line, len);
        if (f->foreign != FOREIGN_NONE) {
            return break_off(f, FRAME_FOREIGN);
        }
        if (len > f->line_max) {
            return break_off(f, FRAME_TOO_LONG);
        }
        *end = '\0';
        *line_out = line;
        *len_out = len;
        f->begun = true;
        return FRAME_LINE;
    }
    return unfinished(f);
}

bool frames_explain(const struct frames *f, struct err *err)
{
    assert(f->broken != FRAME_MORE);
    if (f->broken == FRAME_TOO_LONG) {
        err_set(
            err, ERR_REQUEST, _("a line longer than %zu bytes; the connection ends"), f->line_max);
        err_data(err, "reason", json_string("line_too_long"));
        return err_hint(err, _("send files in chunks of at most 256 KiB"));
    }
    err_set(err, ERR_REQUEST, _("this port speaks JSON-RPC 2.0, one message a line, not %s"),
        f->foreign == FOREIGN_HTTP  ? "HTTP"
        : f->foreign == FOREIGN_TLS ? "TLS"
                                    : "SSH");
    err_data(err, "reason", json_string("foreign_protocol"));
    return err_hint(err, f->foreign == FOREIGN_HTTP
                             ? _("browsers and HTTP clients use the web port (7721)")
                         : f->foreign == FOREIGN_TLS ? _("TLS clients use the TLS port (7720)")
                                                     : _("this is not a login port"));
}
