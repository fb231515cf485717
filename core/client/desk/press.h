/* client/desk/press.h — a key as screens see it: a character or one of the keys every terminal has.
 *
 * Everything is reached without letters; what a Chinese input method types instead of a digit or a
 * sign (１ ？ ／ ： 、) is taken for it. */
#ifndef FQ_CLIENT_DESK_PRESS_H
#define FQ_CLIENT_DESK_PRESS_H

#include <stdint.h>

enum press_code {
    PRESS_NONE,
    PRESS_TEXT, /* `ch` */
    PRESS_UP,
    PRESS_DOWN,
    PRESS_LEFT,
    PRESS_RIGHT,
    PRESS_PAGE_UP,
    PRESS_PAGE_DOWN,
    PRESS_HOME,
    PRESS_END,
    PRESS_TAB,
    PRESS_BACK_TAB,
    PRESS_ENTER,
    PRESS_ESC,
    PRESS_ERASE, /* backspace */
    PRESS_DELETE,
    PRESS_RESIZE,
    PRESS_F1 = 101,
    PRESS_F2,
    PRESS_F3,
    PRESS_F4,
    PRESS_F5,
    PRESS_F6,
    PRESS_F7,
    PRESS_F8,
    PRESS_F9,
    PRESS_F10,
    PRESS_F11,
    PRESS_F12,
};

struct press {
    enum press_code code;
    int32_t ch;
};

/* The character in half width: １ → 1, ？ → ?, 、 → / (the same key); others as they are; 0 for
 * keys that are no character. */
int32_t press_char(struct press p);
/* 0…9, or -1. */
int press_digit(struct press p);

/* Choosing from a numbered list: a digit chooses at once when no longer number could be meant. */
struct picker {
    int typed; /* digits so far; 0: none */
};

/* The chosen number 1…count; 0 while more digits may follow; -1 when the key is no choice (nothing
 * typed yet and the key is 0, or no digit; Enter with digits typed chooses). */
int picker_press(struct picker *k, struct press p, int count);

#endif
