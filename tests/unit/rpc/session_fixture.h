/* tests/unit/rpc/session_fixture.h — a session of the toy table over a socketpair, and its peer. */
#ifndef FQ_TESTS_SESSION_FIXTURE_H
#define FQ_TESTS_SESSION_FIXTURE_H

#include "base/buf.h"
#include "io/loop.h"
#include "io/signal.h"
#include "io/stream.h"
#include "rpc/sessions.h"
#include "unit/rpc/toy.h"
#include "wire/frame.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct fixture {
    struct loop *loop;
    struct wallclock clock;
    struct methods *methods;
    struct dispatch *dispatch;
    struct sessions *sessions;
    struct session *session;
    struct toy toy;
    int peer;       /* the client's end; -1 when closed */
    struct buf got; /* what the server said since expect() looked */
    bool peer_ended;
};

static inline void fixture_open(struct fixture *f)
{
    struct err err = {0};
    memset(f, 0, sizeof *f);
    signal_ignore_pipe();
    lang_use(LANG_EN);
    wallclock_init_virtual(&f->clock, 0);
    f->loop = loop_open();
    f->methods = methods_open();
    if (!methods_add(f->methods, toy_rows, TOY_ROWS, &f->toy, &err)) {
        fail_msg("%s", err.message);
    }
    struct dispatch_options with = {.methods = f->methods,
        .clock = &f->clock,
        .lang = LANG_EN,
        .authenticate = toy_authenticate,
        .ctx = &f->toy};
    f->dispatch = dispatch_open(&with);
    struct sessions_options options = {.loop = f->loop, .dispatch = f->dispatch};
    f->sessions = sessions_open(&options);
    int fds[2];
    assert_int_equal(0, socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
    f->session = session_open(f->sessions, stream_adopt(f->loop, fds[0], &err), false);
    f->peer = fds[1];
    fcntl(f->peer, F_SETFL, O_NONBLOCK);
}

static inline void fixture_close(struct fixture *f)
{
    sessions_close(f->sessions);
    for (size_t i = 0; i < f->toy.held_count; i++) {
        if (f->toy.held[i] != NULL) {
            toy_answer(&f->toy, i); /* into the void */
        }
    }
    loop_free(f->loop);
    dispatch_free(f->dispatch);
    methods_free(f->methods);
    if (f->peer >= 0) {
        close(f->peer);
    }
    buf_close(&f->got);
}

/* Reads what is there. True when something was. */
static inline bool listen_to(struct fixture *f)
{
    static char chunk[65536];
    ssize_t len = f->peer < 0 ? -1 : read(f->peer, chunk, sizeof chunk);
    f->peer_ended = f->peer_ended || len == 0;
    if (len > 0) {
        buf_add(&f->got, chunk, (size_t)len);
    }
    return len > 0;
}

/* Turns until nothing moves any more. */
static inline void settle(struct fixture *f)
{
    for (int quiet = 0; quiet < 6; quiet++) {
        loop_turn(f->loop, false);
        if (listen_to(f)) {
            quiet = 0;
        }
    }
}

static inline void say_bytes(struct fixture *f, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t taken = write(f->peer, bytes, len);
        if (taken > 0) {
            bytes += taken;
            len -= (size_t)taken;
        }
        loop_turn(f->loop, false);
        listen_to(f);
    }
}

static inline void say(struct fixture *f, const char *text)
{
    say_bytes(f, text, strlen(text));
    settle(f);
}

static inline void expect(struct fixture *f, const char *expected)
{
    assert_string_equal(expected, buf_text(&f->got));
    buf_clear(&f->got);
}

/* The error code of the next line, 0 when it is a result; the line is taken away. */
static inline int next_code(struct fixture *f, char **id_out)
{
    char *end = memchr(buf_text(&f->got), '\n', f->got.len);
    assert_non_null(end);
    json_t *doc = json_loadb(f->got.data, (size_t)(end - f->got.data), 0, NULL);
    assert_non_null(doc);
    if (id_out != NULL) {
        *id_out = json_dumps(json_object_get(doc, "id"), JSON_ENCODE_ANY);
    }
    int code = (int)json_number(json_object_get(doc, "error"), "code", 0);
    json_decref(doc);
    buf_cut(&f->got, (size_t)(end - f->got.data) + 1);
    return code;
}

#define PING(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"ping\"}"
#define PONG(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"result\":{}}\n"
#define HOLD(tag)                                                                                  \
    "{\"jsonrpc\":\"2.0\",\"id\":\"" tag "\",\"method\":\"toy.hold\",\"params\":{\"tag\":\"" tag   \
    "\"}}"
#define HELD(tag) "{\"jsonrpc\":\"2.0\",\"id\":\"" tag "\",\"result\":{\"tag\":\"" tag "\"}}\n"

#define WITH_FIXTURE(body)                                                                         \
    do {                                                                                           \
        struct fixture f;                                                                          \
        fixture_open(&f);                                                                          \
        body;                                                                                      \
        fixture_close(&f);                                                                         \
    } while (0)

#endif
