/* client/desk/press.c — see press.h. */
#include "client/desk/press.h"

int32_t press_char(struct press p)
{
    if (p.code != PRESS_TEXT) {
        return 0;
    }
    if (p.ch >= 0xFF01 && p.ch <= 0xFF5E) {
        return p.ch - 0xFF01 + '!';
    }
    switch (p.ch) {
    case 0x3000:
        return ' ';
    case 0x3001: /* 、 stands on the key of / */
        return '/';
    case 0x3002: /* 。 on that of . */
        return '.';
    default:
        return p.ch;
    }
}

int press_digit(struct press p)
{
    int32_t c = press_char(p);
    return c >= '0' && c <= '9' ? (int)(c - '0') : -1;
}

int picker_press(struct picker *k, struct press p, int count)
{
    int digit = press_digit(p);
    if (k->typed > 0 && p.code == PRESS_ENTER) {
        int chosen = k->typed;
        k->typed = 0;
        return chosen;
    }
    if (digit < 0 || (digit == 0 && k->typed == 0)) {
        k->typed = 0;
        return -1;
    }
    int number = k->typed * 10 + digit;
    k->typed = 0;
    if (number > count) {
        return -1;
    }
    if (number * 10 <= count) {
        k->typed = number;
        return 0;
    }
    return number;
}
