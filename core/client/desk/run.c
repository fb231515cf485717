/* client/desk/run.c — the command `fengqiao desk`: one loop over the keyboard, the line and the
 * size of the window. */
#include "client/cmd.h"

#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/wallclock.h"
#include "client/desk/desk.h"
#include "client/desk/screens.h"
#include "client/desk/term.h"
#include "client/remote.h"

#include <iconv.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t ended; /* the terminal went away, or somebody asked to end */

static void on_end(int signal_number)
{
    (void)signal_number;
    ended = 1;
}

static void catch_end(void)
{
    struct sigaction action = {.sa_handler = on_end}; /* no SA_RESTART: poll must return */
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static void fit_board(struct desk *d)
{
    int rows;
    int cols;
    term_size(&rows, &cols);
    if (rows != d->board.rows || cols != d->board.cols) {
        bool narrow = d->board.narrow;
        board_resize(&d->board, rows, cols);
        d->board.narrow = narrow;
    }
}

/* One turn: draw, wait, take what came. Everything that waits is in this poll(). */
static void turn(struct desk *d)
{
    int timeout_ms = 60000;
    fit_board(d);
    desk_draw(d);
    term_draw(&d->board);
    struct pollfd fds[2] = {
        {.fd = STDIN_FILENO, .events = POLLIN}, line_pollfd(d->line, monotonic_us(), &timeout_ms)};
    timeout_ms = d->busy ? 0 : timeout_ms;
    if (poll(fds, 2, timeout_ms) < 0) {
        fds[0].revents = fds[1].revents = 0; /* a signal: the window changed its size, or the end */
    }
    ended = ended || (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
    line_work(d->line, fds[1].revents, monotonic_us());
    struct press p;
    while (!ended && !d->leave && term_read(&p)) {
        fit_board(d);
        desk_press(d, p);
    }
    desk_turn(d, monotonic_us());
}

/* A terminal of another encoding would show rubbish; it gets one sentence in its own. */
static bool refuse_encoding(struct err *err)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *name = NULL;
    for (size_t i = 0; name == NULL && i < sizeof variables / sizeof variables[0]; i++) {
        const char *value = getenv(variables[i]);
        name = value != NULL && *value != '\0' ? value : NULL;
    }
    if (name == NULL || (strstr(name, ".GB") == NULL && strstr(name, ".gb") == NULL)) {
        return false;
    }
    char words[] =
        "这个终端用的是 GBK 编码，桌面需要 UTF-8。请把终端的字符集改为 UTF-8，再执行：\n";
    char out[sizeof words];
    char *from = words;
    char *to = out;
    size_t left = strlen(words);
    size_t room = sizeof out;
    iconv_t conversion = iconv_open("GB18030", "UTF-8");
    if (conversion != (iconv_t)-1) {
        iconv(conversion, &from, &left, &to, &room);
        iconv_close(conversion);
        fwrite(out, 1, (size_t)(to - out), stderr);
    }
    err_set(err, ERR_CONFIG, "LANG=%s: the desk needs a UTF-8 terminal.", name);
    err_hint(err, "export LANG=zh_CN.UTF-8");
    return true;
}

bool cmd_desk(struct client *c, const struct args *a, struct err *err)
{
    struct desk d;
    bool wide = false;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        err_set(err, ERR_PARAMS, "%s", _("The desk needs a terminal."));
        return err_hint(err, _("In a script: fengqiao inbox --json"));
    }
    if (refuse_encoding(err)) {
        return false;
    }
    if (remote_token(c) == NULL && !text_starts(c->server, "unix:")) {
        /* A mediator who begins here is asked, not sent away. */
        const struct command *login = command_by_path("login");
        struct args none = {.command = login};
        if (!login->exec(c, &none, err)) {
            return false;
        }
    }
    remote_close(c); /* the desk has a line of its own */
    desk_init(&d, c);
    bool ok = desk_connect(&d, err) && term_open(!args_flag(a, "no-color") && c->color, &wide, err);
    if (ok) {
        catch_end();
        d.board.narrow = wide;
        desk_show(&d, screen_inbox(&d));
        while (!d.leave && !ended) {
            turn(&d);
        }
        term_close();
    }
    desk_close(&d);
    return ok;
}
