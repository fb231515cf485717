/* tests/fuzz/fuzz_wire.c — any bytes, cut anywhere, through frames and envelopes.
 *
 * What must hold: cutting the stream differently gives the same lines; a line that is a request can
 * be answered, and the answer is one line of valid JSON-RPC that the client side reads. */
#include "base/json.h"
#include "base/lang.h"
#include "wire/envelope.h"
#include "wire/frame.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held) {
        abort();
    }
}

/* The lines that come out when the bytes go in in pieces of `step`, joined by LF. */
static void lines_of(const char *bytes, size_t len, size_t step, struct buf *out)
{
    struct frames f;
    char *line;
    size_t line_len;
    frames_init(&f, 4096, true);
    for (size_t i = 0; i <= len; i += step) {
        size_t piece = len - i < step ? len - i : step;
        frames_feed(&f, bytes + i, piece);
        while (frames_next(&f, &line, &line_len) == FRAME_LINE) {
            must(line_len <= 4096 && line[line_len] == '\0');
            buf_add(out, line, line_len);
            buf_addc(out, '\n');
        }
    }
    frames_end(&f);
    while (frames_next(&f, &line, &line_len) == FRAME_LINE) {
        buf_add(out, line, line_len);
        buf_addc(out, '\n');
    }
    frames_close(&f);
}

static void expect_readable(struct buf *reply)
{
    struct response r;
    struct err err = {0};
    must(memchr(reply->data, '\n', reply->len) == NULL);
    must(memchr(reply->data, '\r', reply->len) == NULL);
    must(response_read(&r, reply->data, reply->len, &err));
    response_close(&r);
    buf_clear(reply);
}

static void answer(const char *line, size_t len)
{
    struct err err = {0};
    struct request r = {0};
    struct buf reply = {0};
    json_t *doc = json_parse(line, len, &err);
    if (doc == NULL || !request_read(&r, doc, &err)) {
        must(err.code == ERR_PARSE || err.code == ERR_REQUEST);
        envelope_error(&reply, r.id, &err, "trace");
        expect_readable(&reply);
    } else {
        must(r.method != NULL);
        /* the reply repeats the whole request: as deep as the limit, two levels more in it */
        char *text = json_compact(doc);
        json_t *said = json_pack("{s:s}", "said", text);
        envelope_result(&reply, r.id, said);
        expect_readable(&reply);
        free(text);
        text = json_compact(said);
        envelope_result_raw(&reply, r.id, text, true);
        expect_readable(&reply);
        free(text);
        json_decref(said);
    }
    struct response response;
    response_read(&response, line, len, &err);
    response_close(&response);
    request_close(&r);
    json_decref(doc);
    buf_close(&reply);
    err_clear(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lang_use(LANG_EN);
    if (size < 1) {
        return 0;
    }
    struct buf whole = {0}, cut = {0};
    const char *bytes = (const char *)data + 1;
    lines_of(bytes, size - 1, size, &whole);
    lines_of(bytes, size - 1, 1 + data[0] % 16, &cut);
    must(whole.len == cut.len && memcmp(buf_text(&whole), buf_text(&cut), whole.len) == 0);
    for (char *at = whole.data, *end; at != NULL && *at != '\0'; at = end + 1) {
        end = strchr(at, '\n');
        if (end == NULL) {
            break;
        }
        answer(at, (size_t)(end - at));
    }
    buf_close(&whole);
    buf_close(&cut);
    return 0;
}
