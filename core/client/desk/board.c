/* client/desk/board.c — see board.h. */
#include "client/desk/board.h"

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/cells.h"

#include <stdarg.h>
#include <string.h>
#include <wchar.h>

void board_init(struct board *b)
{
    memset(b, 0, sizeof *b);
    b->cursor_row = b->cursor_col = -1;
}

void board_close(struct board *b)
{
    mem_free(b->spots);
    board_init(b);
}

void board_resize(struct board *b, int rows, int cols)
{
    mem_free(b->spots);
    b->rows = rows > 0 ? rows : 0;
    b->cols = cols > 0 ? cols : 0;
    b->spots = mem_array((size_t)b->rows * (size_t)b->cols + 1, sizeof *b->spots);
    board_clear(b);
}

void board_clear(struct board *b)
{
    for (int i = 0; i < b->rows * b->cols; i++) {
        b->spots[i] = (struct spot){.text = " ", .width = 1, .look = LOOK_PLAIN};
    }
    b->cursor_row = b->cursor_col = -1;
}

/* First and last code points whose width is ambiguous (Unicode TR11), as far as they come up. */
static const int32_t ambiguous[][2] = {{0xA1, 0xA1}, {0xA4, 0xA4}, {0xA7, 0xA8}, {0xAA, 0xAA},
    {0xAD, 0xAE}, {0xB0, 0xB4}, {0xB6, 0xBA}, {0xBC, 0xBF}, {0xC6, 0xC6}, {0xD0, 0xD0},
    {0xD7, 0xD8}, {0xDE, 0xE1}, {0xE6, 0xE6}, {0xE8, 0xEA}, {0xEC, 0xED}, {0xF0, 0xF0},
    {0xF2, 0xF3}, {0xF7, 0xFA}, {0xFC, 0xFC}, {0xFE, 0xFE}, {0x391, 0x3C9}, {0x401, 0x451},
    {0x2010, 0x2027}, {0x2030, 0x203E}, {0x2074, 0x2084}, {0x20AC, 0x20AC}, {0x2103, 0x2113},
    {0x2116, 0x2126}, {0x2153, 0x217F}, {0x2190, 0x21FF}, {0x2200, 0x22FF}, {0x2312, 0x2312},
    {0x2460, 0x25FF}, {0x2605, 0x266F}, {0x273D, 0x273D}, {0x2776, 0x277F}, {0xFFFD, 0xFFFD}};

static const struct {
    int32_t of;
    char sign;
} signs[] = {{0x2500, '-'}, {0x2502, '|'}, {0x2014, '-'}, {0x2013, '-'}, {0x2026, '~'},
    {0x201C, '"'}, {0x201D, '"'}, {0x2018, '\''}, {0x2019, '\''}, {0xB7, '.'}, {0x2022, '*'},
    {0x25CF, '*'}, {0x25CB, 'o'}, {0x25B8, '>'}, {0x2192, '>'}, {0x2190, '<'}, {0xD7, 'x'},
    {0x2191, '^'}, {0x2193, 'v'}, {0x2588, '#'}, {0x2591, '.'}};

static char narrow_sign(int32_t c)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (signs[i].of == c) {
            return signs[i].sign;
        }
    }
    if (c >= 0x250C && c <= 0x257F) {
        return '+'; /* corners and crossings of frames */
    }
    if (c >= 0x2460 && c <= 0x2468) {
        return (char)('1' + c - 0x2460); /* ①… */
    }
    return '?';
}

static bool is_ambiguous(int32_t c)
{
    for (size_t i = 0; i < sizeof ambiguous / sizeof ambiguous[0]; i++) {
        if (c >= ambiguous[i][0] && c <= ambiguous[i][1]) {
            return true;
        }
    }
    return false;
}

static struct spot *spot_at(const struct board *b, int row, int col)
{
    bool inside = row >= 0 && row < b->rows && col >= 0 && col < b->cols;
    return inside ? &b->spots[row * b->cols + col] : NULL;
}

/* A character written over half of a wide one leaves a blank for the other half. */
static void clear_halves(const struct board *b, int row, int col, int width)
{
    struct spot *first = spot_at(b, row, col);
    if (first != NULL && first->width == 0 && col > 0) {
        *spot_at(b, row, col - 1) = (struct spot){.text = " ", .width = 1, .look = first->look};
    }
    struct spot *behind = spot_at(b, row, col + width);
    if (behind != NULL && behind->width == 0) {
        *behind = (struct spot){.text = " ", .width = 1, .look = behind->look};
    }
}

static void set_spot(
    struct board *b, int row, int col, const char *bytes, size_t len, int width, enum look look)
{
    struct spot *s = spot_at(b, row, col);
    if (s == NULL || len >= SPOT_BYTES || (width == 2 && spot_at(b, row, col + 1) == NULL)) {
        return;
    }
    clear_halves(b, row, col, width);
    memset(s, 0, sizeof *s);
    memcpy(s->text, bytes, len);
    s->width = (uint8_t)width;
    s->look = (uint8_t)look;
    if (width == 2) {
        *spot_at(b, row, col + 1) = (struct spot){.width = 0, .look = (uint8_t)look};
    }
}

static int put_clean(struct board *b, int row, int col, const char *text, enum look look)
{
    const char *end = text + strlen(text);
    while (text < end) {
        const char *from = text;
        int32_t c = utf8_next(&text, end);
        int width = c < 0 ? 1 : wcwidth((wchar_t)c);
        char sign = b->narrow && c >= 0x80 && is_ambiguous(c) ? narrow_sign(c) : '\0';
        struct spot *before = spot_at(b, row, col - 1);
        size_t len = (size_t)(text - from);
        if (width > 0) {
            set_spot(b, row, col, sign != '\0' ? &sign : from, sign != '\0' ? 1 : len, width, look);
            col += width;
        } else if (before != NULL && width == 0) {
            before = before->width == 0 ? spot_at(b, row, col - 2) : before;
            if (before != NULL && strlen(before->text) + len < SPOT_BYTES) {
                strncat(before->text, from, len);
            }
        }
    }
    return col;
}

int board_put(struct board *b, int row, int col, int width, const char *text, enum look look)
{
    if (text == NULL || width <= 0 || row < 0 || row >= b->rows) {
        return col;
    }
    width = col + width > b->cols ? b->cols - col : width;
    char *clean = cells_clean(text);
    char *fitted = cells_fit(clean, width);
    col = put_clean(b, row, col, fitted, look);
    mem_free(fitted);
    mem_free(clean);
    return col;
}

int board_putf(struct board *b, int row, int col, int width, enum look look, const char *fmt, ...)
{
    struct buf text = {0};
    va_list args;
    va_start(args, fmt);
    buf_vaddf(&text, fmt, args);
    va_end(args);
    col = board_put(b, row, col, width, buf_text(&text), look);
    buf_close(&text);
    return col;
}

void board_paint(struct board *b, int row, int col, int width, enum look look)
{
    for (int i = 0; i < width; i++) {
        struct spot *s = spot_at(b, row, col + i);
        if (s != NULL) {
            s->look = (uint8_t)look;
        }
    }
}

static void across(struct board *b, int row, const char *left, const char *right)
{
    put_clean(b, row, 0, left, LOOK_FRAME);
    for (int col = 1; col < b->cols - 1; col++) {
        put_clean(b, row, col, "─", LOOK_FRAME);
    }
    put_clean(b, row, b->cols - 1, right, LOOK_FRAME);
}

static void words_in(
    struct board *b, int row, int col, int width, const char *words, enum look look)
{
    if (words != NULL && *words != '\0' && width > 2) {
        put_clean(b, row, col, " ", LOOK_FRAME);
        int end = board_put(b, row, col + 1, width - 2, words, look);
        put_clean(b, row, end, " ", LOOK_FRAME);
    }
}

void board_frame(struct board *b, const char *title, const char *right, enum look right_look)
{
    across(b, 0, "┌", "┐");
    for (int row = 1; row < b->rows - 1; row++) {
        put_clean(b, row, 0, "│", LOOK_FRAME);
        put_clean(b, row, b->cols - 1, "│", LOOK_FRAME);
    }
    across(b, b->rows - 1, "└", "┘");
    int wide = right != NULL ? cells_width(right) : 0;
    int room = b->cols - 6;
    wide = wide > room / 2 ? room / 2 : wide;
    words_in(b, 0, 2, room - wide, title, LOOK_BOLD);
    if (wide > 0) {
        words_in(b, 0, b->cols - wide - 4, wide + 2, right, right_look);
    }
}

void board_rule(struct board *b, int row, const char *words, enum look look)
{
    across(b, row, "├", "┤");
    words_in(b, row, 2, b->cols - 4, words, look);
}

int board_wrap(struct board *b, int row, int col, int width, int rows, int skip, const char *text,
    enum look look)
{
    char *wrapped = cells_wrap(text != NULL ? text : "", width > 2 ? width : 2, 0);
    int n = 0;
    for (char *line = wrapped; line != NULL;) {
        char *end = strchr(line, '\n');
        if (end != NULL) {
            *end = '\0';
        }
        if (n >= skip && n - skip < rows) {
            board_put(b, row + n - skip, col, width, line, look);
        }
        n++;
        line = end != NULL ? end + 1 : NULL;
    }
    mem_free(wrapped);
    return n;
}

char *board_text(const struct board *b)
{
    struct buf out = {0};
    for (int row = 0; row < b->rows; row++) {
        size_t begin = out.len;
        size_t last = begin;
        for (int col = 0; col < b->cols; col++) {
            const char *text = b->spots[row * b->cols + col].text;
            buf_adds(&out, text);
            last = *text != '\0' && strcmp(text, " ") != 0 ? out.len : last;
        }
        if (out.data != NULL) {
            out.data[out.len = last] = '\0';
        }
        buf_addc(&out, '\n');
    }
    return buf_take(&out);
}
