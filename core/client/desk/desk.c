/* client/desk/desk.c — see desk.h. */
#include "client/desk/desk.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/cells.h"
#include "client/client.h"
#include "client/desk/papers.h"
#include "client/desk/screens.h"
#include "client/desk/upload.h"
#include "client/home.h"
#include "client/page.h"
#include "client/remote.h"
#include "client/trust.h"
#include "client/view.h"

#include <stdarg.h>
#include <string.h>

/* --- the line -------------------------------------------------------------------------- */

static void subscribed(void *ctx, const json_t *result, const struct err *why)
{
    struct desk *d = ctx;
    (void)result;
    d->refused = why != NULL && why->code == ERR_UNAUTHENTICATED;
}

static void on_up(void *ctx)
{
    struct desk *d = ctx;
    char id[UUID_TEXT];
    json_t *params = json_pack("{s:{s:b}}", "filter", "mine", 1);
    random_uuid7(wallclock_now_ms(&d->client->clock), id);
    json_t *request = remote_request(id, "events.subscribe", params, NULL, remote_token(d->client));
    line_send(d->line, request, subscribed, d);
    json_decref(request);
    json_decref(params);
    reads_stale(d->reads, NULL);
    outgo_line_up(d->outgo);
}

static void on_down(void *ctx)
{
    struct desk *d = ctx;
    reads_stale(d->reads, NULL);
    outgo_line_down(d->outgo);
}

static void on_push(void *ctx, const json_t *message)
{
    struct desk *d = ctx;
    const char *method = json_text(message, "method");
    const json_t *params = json_member(message, "params");
    if (text_equal(method, "events.event")) {
        reads_stale(d->reads, json_text(params, "case"));
        const char *actor = json_text(params, "actor");
        if (d->notice == NULL && !text_equal(actor, desk_user(d))) {
            desk_say(d, LOOK_PLAIN, "%s %s", json_text(params, "case"),
                json_text(params, "summary") != NULL ? json_text(params, "summary") : "");
        }
    } else if (text_equal(method, "events.gap")) {
        reads_stale(d->reads, NULL);
    } else if (text_equal(method, "events.closed")) {
        on_up(d);
    }
}

static void on_changed(void *ctx)
{
    (void)ctx; /* every turn of the loop draws */
}

static void on_settled(
    void *ctx, const char *key, const json_t *request, const json_t *result, const struct err *why)
{
    struct desk *d = ctx;
    const json_t *params = json_member(request, "params");
    const char *number =
        json_text(result, "case") != NULL ? json_text(result, "case") : json_text(params, "case");
    reads_stale(d->reads, number);
    for (int i = d->depth - 1; i >= 0; i--) {
        struct screen *s = d->stack[i];
        if (s->kind->settled != NULL && s->kind->settled(s, d, key, result, why)) {
            return;
        }
    }
    if (result != NULL) {
        desk_say_done(d, result);
    } else {
        desk_say(d, LOOK_LATE, _("! %s %s"), number != NULL ? number : "", why->message);
    }
}

/* --- opening and closing --------------------------------------------------------------- */

void desk_init(struct desk *d, struct client *client)
{
    memset(d, 0, sizeof *d);
    d->client = client;
    board_init(&d->board);
    d->reads = reads_open(NULL, NULL, on_changed, d);
}

bool desk_connect(struct desk *d, struct err *err)
{
    struct line_hooks hooks = {on_up, on_down, on_push, d};
    if (!trust_ready(d->client, err)) {
        return false;
    }
    reads_free(d->reads);
    d->line = line_open(d->client->server, d->client->trust, hooks);
    d->reads = reads_open(d->client, d->line, on_changed, d);
    d->outgo = outgo_open(d->client, d->line, (struct outgo_hooks){on_settled, d}, err);
    d->draft = home_path(HOME_DATA, "forms");
    return d->outgo != NULL;
}

static void bury(struct desk *d)
{
    while (d->gone_count > 0) {
        struct screen *s = d->gone[--d->gone_count];
        s->kind->close(s);
    }
}

void desk_close(struct desk *d)
{
    while (d->depth > 0) {
        d->gone[d->gone_count++] = d->stack[--d->depth];
        bury(d);
    }
    line_close(d->line);
    upload_free(d->upload);
    outgo_free(d->outgo);
    reads_free(d->reads);
    board_close(&d->board);
    mem_free(d->notice);
    mem_free(d->draft);
    mem_free(d->folder);
}

void desk_show(struct desk *d, struct screen *s)
{
    if (d->depth == DESK_DEPTH) {
        desk_back(d);
    }
    d->stack[d->depth++] = s;
}

void desk_back(struct desk *d)
{
    if (d->depth > 1 && d->gone_count < DESK_DEPTH) {
        d->gone[d->gone_count++] = d->stack[--d->depth];
    }
}

struct screen *desk_top(struct desk *d)
{
    return d->stack[d->depth - 1];
}

/* --- words ----------------------------------------------------------------------------- */

void desk_say(struct desk *d, enum look look, const char *fmt, ...)
{
    struct buf text = {0};
    va_list args;
    va_start(args, fmt);
    buf_vaddf(&text, fmt, args);
    va_end(args);
    mem_free(d->notice);
    d->notice = buf_take(&text);
    d->notice_look = look;
}

bool desk_online(const struct desk *d)
{
    return line_state(d->line) == LINE_UP;
}

const char *desk_user(struct desk *d)
{
    const char *user = d->client != NULL ? json_text(d->client->login, "user") : NULL;
    return user != NULL ? user : "";
}

void desk_say_done(struct desk *d, const json_t *result)
{
    const char *number = json_text(result, "case");
    const char *changed = json_text(result, "changed");
    const json_t *next = json_member(result, "next");
    const char *body = json_text(next, "body_name");
    const char *role = json_text(next, "role_title");
    struct buf text = {0};
    buf_addf(&text, "✓ %s %s", number != NULL ? number : "", changed != NULL ? changed : _("done"));
    if (json_flag(result, "closed")) {
        buf_addf(&text, "%s%s", view_semicolon(), _("the case is closed"));
    } else if (role != NULL) {
        buf_addf(&text, "%s%s%s%s %s", view_semicolon(), _("Next"), view_colon(),
            body != NULL ? body : "", role);
    }
    desk_say(d, LOOK_GOOD, "%s", buf_text(&text));
    buf_close(&text);
}

/* --- drawing --------------------------------------------------------------------------- */

static char *line_words(struct desk *d, const char *name, enum look *look)
{
    size_t waiting = d->outgo != NULL ? outgo_waiting(d->outgo) : 0;
    *look = LOOK_PLAIN;
    if (desk_online(d) && waiting == 0) {
        return mem_printf("%s ● %s", name, _("online"));
    }
    if (desk_online(d)) {
        *look = LOOK_SOON;
        return mem_printf(_("%s ● online (sending %zu)"), name, waiting);
    }
    *look = LOOK_LATE;
    return waiting > 0 ? mem_printf(_("○ offline (%zu to send)"), waiting)
                       : mem_printf(_("%s ○ offline"), name);
}

/* Who, and whether the line is up: "演示调解员 ● 在线", "○ 离线（待发 2）". A long name gives way:
 * what is said of the line never does. */
static char *header_right(struct desk *d, enum look *look)
{
    const char *full = json_text(reads_get(d->reads, "auth.whoami", NULL).result, "name");
    char *name = cells_fit(full != NULL ? full : "", d->board.cols >= 100 ? 40 : 24);
    char *words = line_words(d, name, look);
    mem_free(name);
    return words;
}

static bool is_useless(struct desk *d, struct screen *s, const struct binding *row)
{
    return s->kind->useless != NULL && s->kind->useless(s, d, row->key);
}

/* The keys, as many as fit; those that stand first in any case. */
static void draw_bar(struct desk *d, struct screen *s)
{
    struct board *b = &d->board;
    int gap = lang_current() == LANG_ZH ? 0 : 1; /* "F2办理", "F2 do it" */
    int room = b->cols - 4;
    int fixed = 0;
    for (const struct binding *row = s->kind->bindings; row->name != NULL; row++) {
        if (row->first && !is_useless(d, s, row)) {
            fixed += cells_width(_(row->name)) + gap + cells_width(_(row->title)) + 1;
        }
    }
    int left = room - fixed;
    int col = 2;
    for (const struct binding *row = s->kind->bindings; row->name != NULL; row++) {
        int width = cells_width(_(row->name)) + gap + cells_width(_(row->title)) + 1;
        if (is_useless(d, s, row) || (!row->first && width > left)) {
            continue;
        }
        left -= row->first ? 0 : width;
        int end = board_put(b, b->rows - 2, col, b->cols - 2 - col, _(row->name), LOOK_KEY);
        board_put(b, b->rows - 2, end + gap, b->cols - 1 - end, _(row->title), LOOK_PLAIN);
        col += width;
    }
}

static char *offline_words(struct desk *d)
{
    if (d->refused) {
        return mem_strdup(_("The login is not valid any more. Leave (F10) and: fengqiao login"));
    }
    if (d->line == NULL || desk_online(d)) {
        return NULL;
    }
    if (line_trouble(d->line)[0] != '\0') {
        return mem_strdup(line_trouble(d->line));
    }
    int wait = line_wait_seconds(d->line, d->now_us);
    int attempt = line_attempt(d->line);
    return line_state(d->line) == LINE_CONNECTING || wait == 0
               ? mem_printf(_("Connecting … (attempt %d)"), attempt)
               : mem_printf(_("Connecting … (attempt %d, again in %d seconds)"), attempt, wait);
}

static void draw_status(struct desk *d, struct screen *s)
{
    struct board *b = &d->board;
    char *own = s->kind->status != NULL ? s->kind->status(s, d) : NULL;
    if (d->upload != NULL && !s->kind->types) {
        mem_free(own);
        own = upload_words(d->upload, d);
    }
    char *line = offline_words(d);
    const char *words = d->notice != NULL ? d->notice : own != NULL ? own : line;
    board_rule(b, b->rows - 3, words,
        d->notice != NULL ? d->notice_look
        : own != NULL     ? LOOK_BOLD
                          : LOOK_SOON);
    mem_free(own);
    mem_free(line);
}

static void draw_small(struct desk *d)
{
    struct board *b = &d->board;
    board_wrap(b, 0, 0, b->cols, b->rows, 0,
        _("The window is too small. Please make it at least 66 columns wide and 20 rows high; "
          "nothing is lost. F10 leaves."),
        LOOK_PLAIN);
}

void desk_draw(struct desk *d)
{
    struct board *b = &d->board;
    struct screen *s = desk_top(d);
    enum look look;
    board_clear(b);
    if (b->rows < DESK_ROWS_MIN || b->cols < DESK_COLS_MIN) {
        draw_small(d);
        return;
    }
    char *title = s->kind->title(s, d);
    char *right = header_right(d, &look);
    board_frame(b, title, right, look);
    s->kind->draw(s, d, b);
    draw_status(d, s);
    draw_bar(d, s);
    mem_free(right);
    mem_free(title);
}

/* --- keys ------------------------------------------------------------------------------ */

static void leave(struct desk *d)
{
    if (d->depth > 1) {
        desk_back(d);
    } else {
        d->leave = true;
    }
}

static void leave_now(struct desk *d, void *ctx)
{
    (void)ctx;
    d->leave = true;
}

/* Who leaves while a file is on its way is told what becomes of it. */
static void ask_leave(struct desk *d)
{
    if (d->depth > 1 || d->upload == NULL) {
        leave(d);
        return;
    }
    desk_show(d, screen_confirm(d,
                     _("A file is being sent. Leave? Chosen again, it goes on where it stopped."),
                     leave_now, NULL));
}

static void press_common(struct desk *d, struct screen *s, struct press p)
{
    int32_t c = s->kind->types ? 0 : press_char(p);
    if (p.code == PRESS_F1 || c == '?') {
        desk_show(d, screen_help(d, s));
    } else if (c == '0' || p.code == PRESS_F11 || p.code == PRESS_F12) {
        desk_show(d, screen_menu(d, s));
    } else if (c == '/' && d->depth <= 2) {
        desk_show(d, screen_search(d));
    } else if (p.code == PRESS_F10 || p.code == PRESS_ESC) {
        ask_leave(d);
    }
}

void desk_press_again(struct desk *d, struct press p)
{
    struct screen *s = desk_top(d);
    if (!s->kind->press(s, d, p)) {
        press_common(d, s, p);
    }
}

void desk_press(struct desk *d, struct press p)
{
    if (p.code == PRESS_NONE || p.code == PRESS_RESIZE) {
        return;
    }
    mem_free(d->notice);
    d->notice = NULL;
    desk_press_again(d, p);
    bury(d);
}

void desk_turn(struct desk *d, int64_t now_us)
{
    d->now_us = now_us;
    if (d->outgo != NULL) {
        outgo_work(d->outgo, now_us);
    }
    d->busy = d->upload != NULL && upload_work(d->upload, d);
    if (d->upload != NULL && upload_over(d->upload)) {
        upload_free(d->upload);
        d->upload = NULL;
    }
    papers_work(d);
    for (int i = 0; i < d->depth; i++) {
        struct screen *s = d->stack[i];
        if (s->kind->tick != NULL) {
            s->kind->tick(s, d);
        }
    }
    bury(d);
}
