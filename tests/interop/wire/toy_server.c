/* tests/interop/wire/toy_server.c — the transport with the toy method table, for clients that are
 * not ours. Prints "port N", serves until its standard input ends. */
#include "io/loop.h"
#include "io/signal.h"
#include "io/watch.h"
#include "rpc/sessions.h"
#include "unit/rpc/toy.h"

#include <stdio.h>
#include <unistd.h>

static void on_input(int fd, unsigned events, void *ctx)
{
    char c;
    (void)events;
    if (read(fd, &c, 1) <= 0) {
        loop_stop(ctx);
    }
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct toy toy = {0};
    struct wallclock clock;
    lang_init();
    lang_use(LANG_EN);
    signal_ignore_pipe();
    wallclock_init_real(&clock);
    struct loop *loop = loop_open();
    struct methods *methods = methods_open();
    bool ok = methods_add(methods, toy_rows, TOY_ROWS, &toy, &err);
    struct dispatch_options with = {.methods = methods,
        .clock = &clock,
        .lang = LANG_EN,
        .authenticate = toy_authenticate,
        .ctx = &toy};
    struct dispatch *dispatch = dispatch_open(&with);
    struct sessions_options options = {.loop = loop, .dispatch = dispatch};
    struct sessions *sessions = sessions_open(&options);
    ok = ok && sessions_listen_tcp(sessions, "127.0.0.1", 0, &err) &&
         (argc < 2 || sessions_listen_unix(sessions, argv[1], &err));
    struct watch *input = watch_open(loop, STDIN_FILENO, on_input, loop);
    if (ok && input != NULL) {
        watch_set(input, WATCH_READ);
        printf("port %d\n", sessions_port(sessions));
        fflush(stdout);
        loop_run(loop);
    } else {
        fprintf(stderr, "%s\n", err.message);
    }
    watch_free(input);
    sessions_close(sessions);
    loop_free(loop);
    dispatch_free(dispatch);
    methods_free(methods);
    err_clear(&err);
    return ok ? 0 : 1;
}
