/* client/desk/term.c — see term.h.
 *
 * ncurses compares the new screen with the old one and writes the difference: nothing flickers.
 * Before it starts, the terminal is asked how wide it draws "─" (print it, ask where the cursor
 * is): in some Chinese terminals such characters take two cells, and no library knows. */
#include "client/desk/term.h"

#include "base/lang.h"

#define NCURSES_WIDECHAR 1
#include <ncurses.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum {
    PROBE_MS = 1500, /* a bad line takes its time; a terminal that never answers costs this once */
    ESCAPE_MS = 60,  /* Esc alone, or the beginning of a key */
};

/* "\033[row;colR": the column, or 0 while the answer is not whole. */
static int column_of(const char *answer)
{
    const char *at = strstr(answer, "\033[");
    int row;
    int col;
    char end;
    return at != NULL && sscanf(at, "\033[%d;%d%c", &row, &col, &end) == 3 && end == 'R' ? col : 0;
}

static bool draws_wide(void)
{
    struct termios before;
    char answer[64] = "";
    size_t len = 0;
    int col = 0;
    static const char question[] = "\r\xE2\x94\x80\033[6n";
    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        return false;
    }
    struct termios raw = before;
    cfmakeraw(&raw);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    bool asked = write(STDOUT_FILENO, question, sizeof question - 1) > 0;
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    while (asked && col == 0 && len + 1 < sizeof answer && poll(&p, 1, PROBE_MS) > 0) {
        ssize_t n = read(STDIN_FILENO, answer + len, 1);
        if (n <= 0) {
            break;
        }
        len += (size_t)n;
        answer[len] = '\0';
        col = column_of(answer);
    }
    asked = write(STDOUT_FILENO, "\r  \r", 4) > 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
    return asked && col == 3;
}

static attr_t looks[LOOK_COUNT];

static void choose_looks(bool color)
{
    color = color && has_colors();
    if (color) {
        start_color();
        use_default_colors();
        init_pair(1, COLOR_RED, -1);
        init_pair(2, COLOR_YELLOW, -1);
        init_pair(3, COLOR_GREEN, -1);
        init_pair(4, COLOR_CYAN, -1);
    }
    looks[LOOK_BOLD] = A_BOLD;
    looks[LOOK_DIM] = A_DIM;
    looks[LOOK_FRAME] = color ? (attr_t)COLOR_PAIR(4) : A_NORMAL;
    looks[LOOK_GOOD] = color ? (attr_t)COLOR_PAIR(3) : A_NORMAL;
    looks[LOOK_SOON] = color ? (attr_t)COLOR_PAIR(2) : A_NORMAL;
    looks[LOOK_LATE] = (color ? (attr_t)COLOR_PAIR(1) : A_NORMAL) | A_BOLD;
    looks[LOOK_CHOSEN] = A_REVERSE;
    looks[LOOK_KEY] = color ? (attr_t)COLOR_PAIR(4) | A_BOLD : A_BOLD;
}

static SCREEN *screen;

bool term_open(bool color, bool *wide_out, struct err *err)
{
    *wide_out = draws_wide();
    screen = newterm(NULL, stdout, stdin);
    if (screen == NULL) {
        const char *term = getenv("TERM");
        err_set(
            err, ERR_CONFIG, _("The terminal “%s” is not known here."), term != NULL ? term : "");
        return err_hint(err, _("Try: TERM=xterm fengqiao desk"));
    }
    set_escdelay(ESCAPE_MS);
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    choose_looks(color);
    return true;
}

void term_close(void)
{
    if (screen != NULL) {
        endwin();
        delscreen(screen);
        screen = NULL;
    }
}

void term_size(int *rows_out, int *cols_out)
{
    getmaxyx(stdscr, *rows_out, *cols_out);
}

void term_draw(const struct board *b)
{
    for (int row = 0; row < b->rows; row++) {
        for (int col = 0; col < b->cols; col++) {
            const struct spot *s = &b->spots[row * b->cols + col];
            if (s->width > 0) {
                attrset((int)looks[s->look]);
                mvaddstr(row, col, s->text);
            }
        }
    }
    curs_set(b->cursor_row >= 0);
    move(b->cursor_row >= 0 ? b->cursor_row : b->rows - 1,
        b->cursor_row >= 0 ? b->cursor_col : b->cols - 1);
    refresh();
}

static const struct {
    int key;
    enum press_code code;
} keys[] = {{KEY_UP, PRESS_UP}, {KEY_DOWN, PRESS_DOWN}, {KEY_LEFT, PRESS_LEFT},
    {KEY_RIGHT, PRESS_RIGHT}, {KEY_PPAGE, PRESS_PAGE_UP}, {KEY_NPAGE, PRESS_PAGE_DOWN},
    {KEY_HOME, PRESS_HOME}, {KEY_END, PRESS_END}, {KEY_BTAB, PRESS_BACK_TAB},
    {KEY_ENTER, PRESS_ENTER}, {KEY_BACKSPACE, PRESS_ERASE}, {KEY_DC, PRESS_DELETE},
    {KEY_RESIZE, PRESS_RESIZE}};

static enum press_code code_of(int key)
{
    if (key > KEY_F(0) && key <= KEY_F(12)) {
        return (enum press_code)(PRESS_F1 + key - KEY_F(1));
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (keys[i].key == key) {
            return keys[i].code;
        }
    }
    return PRESS_NONE;
}

static enum press_code code_of_control(wint_t c)
{
    switch (c) {
    case '\r':
    case '\n':
        return PRESS_ENTER;
    case '\t':
        return PRESS_TAB;
    case 27:
        return PRESS_ESC;
    case 8:
    case 127:
        return PRESS_ERASE;
    case 12: /* Ctrl-L: something else wrote on the screen */
        clearok(stdscr, TRUE);
        return PRESS_NONE;
    default:
        return PRESS_NONE;
    }
}

bool term_read(struct press *out)
{
    wint_t c;
    int kind = get_wch(&c);
    *out = (struct press){.code = PRESS_NONE};
    if (kind == ERR) {
        return false;
    }
    if (kind == KEY_CODE_YES) {
        out->code = code_of((int)c);
    } else if (c < 32 || c == 127) {
        out->code = code_of_control(c);
    } else {
        *out = (struct press){.code = PRESS_TEXT, .ch = (int32_t)c};
    }
    return true;
}
