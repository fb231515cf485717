/* Lines out of a stream that was cut anywhere, and what is no line of ours. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "base/memory.h"
#include "wire/frame.h"

#include <stdlib.h>
#include <string.h>

/* Feeds the text in pieces of `step` bytes; joins the lines that came out with "|". */
static char *lines_of(const char *text, size_t len, size_t step, bool end)
{
    struct frames f;
    struct buf out = {0};
    frames_init(&f, 0, true);
    for (size_t i = 0; i < len; i += step) {
        frames_feed(&f, text + i, len - i < step ? len - i : step);
        char *line;
        size_t line_len;
        while (frames_next(&f, &line, &line_len) == FRAME_LINE) {
            assert_int_equal('\0', line[line_len]);
            buf_add(&out, line, line_len);
            buf_addc(&out, '|');
        }
    }
    if (end) {
        frames_end(&f);
        char *line;
        size_t line_len;
        while (frames_next(&f, &line, &line_len) == FRAME_LINE) {
            buf_add(&out, line, line_len);
            buf_addc(&out, '|');
        }
    }
    if (f.broken != FRAME_MORE) {
        buf_adds(&out, f.broken == FRAME_TOO_LONG ? "long" : "foreign");
    }
    frames_close(&f);
    return buf_take(&out);
}

static void expect_lines(const char *expected, const char *text, size_t len, bool end)
{
    for (size_t step = 1; step <= len; step++) {
        char *got = lines_of(text, len, step, end);
        assert_string_equal(expected, got);
        mem_free(got);
    }
}

#define EXPECT(expected, text) expect_lines(expected, text, sizeof text - 1, false)

static void lines_come_out_whole_wherever_the_stream_was_cut(void **state)
{
    (void)state;
    EXPECT("{\"a\":1}|[2]|枫桥|", "{\"a\":1}\n[2]\n枫桥\n");
}

static void one_carriage_return_is_stripped_and_blank_lines_are_skipped(void **state)
{
    (void)state;
    EXPECT("a|b\r|c|", "\n\r\na\r\n\nb\r\r\n\n\nc\n\n");
}

static void what_has_no_newline_waits_until_the_end(void **state)
{
    (void)state;
    expect_lines("a|", "a\nb", 3, false);
    expect_lines("a|b|", "a\nb", 3, true);
    expect_lines("a|", "a\n", 2, true);
    expect_lines("b|", "b\r", 2, true);
}

static void a_nul_byte_stays_in_the_line(void **state)
{
    (void)state;
    struct frames f;
    char *line;
    size_t len;
    frames_init(&f, 0, true);
    frames_feed(&f, "a\0b\n", 4);
    assert_int_equal(FRAME_LINE, frames_next(&f, &line, &len));
    assert_int_equal(3, len);
    assert_memory_equal("a\0b", line, 3);
    frames_close(&f);
}

/* A line of n bytes with the given end, fed in pieces. */
static enum frame_kind line_of_length(size_t n, const char *end, size_t step)
{
    struct frames f;
    char *line;
    size_t len;
    frames_init(&f, 0, true);
    char *text = mem_alloc(n + 3);
    memset(text, 'x', n);
    memcpy(text + n, end, strlen(end));
    size_t total = n + strlen(end);
    enum frame_kind kind = FRAME_MORE;
    for (size_t i = 0; i < total && kind == FRAME_MORE; i += step) {
        frames_feed(&f, text + i, total - i < step ? total - i : step);
        kind = frames_next(&f, &line, &len);
    }
    if (kind == FRAME_LINE) {
        assert_int_equal(n, len);
    }
    mem_free(text);
    frames_close(&f);
    return kind;
}

static void a_line_may_be_as_long_as_the_limit_and_no_longer(void **state)
{
    (void)state;
    static const size_t steps[] = {1, 7, 65536, 4 << 20};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        assert_int_equal(FRAME_LINE, line_of_length(FRAME_LINE_MAX - 1, "\n", steps[i]));
        assert_int_equal(FRAME_LINE, line_of_length(FRAME_LINE_MAX, "\n", steps[i]));
        assert_int_equal(FRAME_LINE, line_of_length(FRAME_LINE_MAX, "\r\n", steps[i]));
        assert_int_equal(FRAME_TOO_LONG, line_of_length(FRAME_LINE_MAX + 1, "\n", steps[i]));
        assert_int_equal(FRAME_TOO_LONG, line_of_length(FRAME_LINE_MAX + 1, "\r\n", steps[i]));
    }
}

static void sixty_four_mebibytes_without_newline_are_not_kept(void **state)
{
    (void)state;
    struct frames f;
    char *line;
    size_t len;
    static char chunk[65536];
    memset(chunk, 'y', sizeof chunk);
    frames_init(&f, 0, true);
    for (int i = 0; i < 1024; i++) {
        frames_feed(&f, chunk, sizeof chunk);
        frames_next(&f, &line, &len);
        assert_true(f.bytes.cap <= 4 * FRAME_LINE_MAX);
    }
    assert_int_equal(FRAME_TOO_LONG, frames_next(&f, &line, &len));
    struct err err = {0};
    frames_explain(&f, &err);
    assert_int_equal(ERR_REQUEST, err.code);
    assert_string_equal("line_too_long", json_string_value(json_object_get(err.data, "reason")));
    err_clear(&err);
    frames_close(&f);
}

static void a_long_line_leaves_no_memory_behind(void **state)
{
    (void)state;
    struct frames f;
    char *line;
    size_t len;
    static char text[100001];
    memset(text, 'z', 100000);
    text[100000] = '\n';
    frames_init(&f, 0, true);
    frames_feed(&f, text, sizeof text);
    assert_int_equal(FRAME_LINE, frames_next(&f, &line, &len));
    assert_int_equal(FRAME_MORE, frames_next(&f, &line, &len));
    assert_true(f.bytes.cap <= 16 * 1024);
    frames_feed(&f, "a\n", 2);
    assert_int_equal(FRAME_LINE, frames_next(&f, &line, &len));
    assert_string_equal("a", line);
    frames_close(&f);
}

static void other_protocols_are_noticed_by_their_first_bytes(void **state)
{
    (void)state;
    EXPECT("foreign", "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT("foreign", "POST /rpc HTTP/1.1\r\n\r\n{}\n");
    EXPECT("foreign", "\r\nHEAD / HTTP/1.0\r\n");
    EXPECT("foreign", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    EXPECT("foreign", "OPTIONS * HTTP/1.1\r\n");
    EXPECT("foreign", "PUT /x HTTP/1.1\r\n");
    EXPECT("foreign", "SSH-2.0-OpenSSH_9.2\r\n");
    EXPECT("foreign", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 and so on without a line end");
    EXPECT("{}|foreign", "{}\nhost: evil\n{}\n");
}

static void words_of_other_protocols_inside_a_request_are_content(void **state)
{
    (void)state;
    EXPECT("{\"t\":\"GET / HTTP/1.1\"}| POST|GETS|", "{\"t\":\"GET / HTTP/1.1\"}\n POST\nGETS\n");
}

static void a_client_does_not_guard(void **state)
{
    (void)state;
    struct frames f;
    char *line;
    size_t len;
    frames_init(&f, 0, false);
    frames_feed(&f, "GET / HTTP/1.1\n", 15);
    assert_int_equal(FRAME_LINE, frames_next(&f, &line, &len));
    frames_close(&f);
}

static void a_foreign_greeting_is_told_where_to_go(void **state)
{
    (void)state;
    struct frames f;
    char *line;
    size_t len;
    struct err err = {0};
    frames_init(&f, 0, true);
    frames_feed(&f, "GET / HTTP/1.1\r\n", 16);
    assert_int_equal(FRAME_FOREIGN, frames_next(&f, &line, &len));
    assert_int_equal(FOREIGN_HTTP, f.foreign);
    frames_explain(&f, &err);
    assert_non_null(strstr(err.message, "HTTP"));
    assert_non_null(strstr(err.hint, "7721"));
    frames_feed(&f, "{}\n", 3);
    assert_int_equal(FRAME_FOREIGN, frames_next(&f, &line, &len));
    err_clear(&err);
    frames_close(&f);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_out_whole_wherever_the_stream_was_cut),
        cmocka_unit_test(one_carriage_return_is_stripped_and_blank_lines_are_skipped),
        cmocka_unit_test(what_has_no_newline_waits_until_the_end),
        cmocka_unit_test(a_nul_byte_stays_in_the_line),
        cmocka_unit_test(a_line_may_be_as_long_as_the_limit_and_no_longer),
        cmocka_unit_test(sixty_four_mebibytes_without_newline_are_not_kept),
        cmocka_unit_test(a_long_line_leaves_no_memory_behind),
        cmocka_unit_test(other_protocols_are_noticed_by_their_first_bytes),
        cmocka_unit_test(words_of_other_protocols_inside_a_request_are_content),
        cmocka_unit_test(a_client_does_not_guard),
        cmocka_unit_test(a_foreign_greeting_is_told_where_to_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
