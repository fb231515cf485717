/* base/base64.c — see base64.h. */
#include "base/base64.h"

#include "base/memory.h"

#include <stdint.h>
#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(const void *data, size_t len)
{
    const uint8_t *in = data;
    char *text = mem_alloc(BASE64_LEN(len) + 1);
    char *out = text;
    for (size_t i = 0; i < len; i += 3) {
        size_t n = len - i < 3 ? len - i : 3;
        uint32_t bits = (uint32_t)in[i] << 16 | (n > 1 ? (uint32_t)in[i + 1] << 8 : 0) |
                        (n > 2 ? (uint32_t)in[i + 2] : 0);
        *out++ = letters[bits >> 18];
        *out++ = letters[bits >> 12 & 63];
        *out++ = n > 1 ? letters[bits >> 6 & 63] : '=';
        *out++ = n > 2 ? letters[bits & 63] : '=';
    }
    return text;
}

static int value_of(char c)
{
    const char *at = c != '\0' ? memchr(letters, c, sizeof letters - 1) : NULL;
    return at != NULL ? (int)(at - letters) : -1;
}

void *base64_decode(const char *text, size_t *len_out)
{
    size_t len = strlen(text);
    size_t pad = len >= 4 ? (size_t)(text[len - 1] == '=') + (text[len - 2] == '=') : 0;
    if (len % 4 != 0 || (pad == 2 && text[len - 1] != '=')) {
        return NULL;
    }
    uint8_t *data = mem_alloc(len / 4 * 3 + 1);
    size_t n = 0;
    for (size_t i = 0; i < len; i += 4) {
        uint32_t bits = 0;
        size_t missing = i + 4 == len ? pad : 0;
        for (size_t k = 0; k < 4; k++) {
            int value = k >= 4 - missing ? 0 : value_of(text[i + k]);
            if (value < 0) {
                mem_free(data);
                return NULL;
            }
            bits = bits << 6 | (uint32_t)value;
        }
        data[n++] = (uint8_t)(bits >> 16);
        data[n++] = (uint8_t)(bits >> 8);
        data[n++] = (uint8_t)bits;
        if (missing > 0 && (bits & (missing == 1 ? 0xFFU : 0xFFFFU)) != 0) {
            mem_free(data); /* two texts must not mean the same bytes */
            return NULL;
        }
        n -= missing;
    }
    data[n] = '\0';
    *len_out = n;
    return data;
}
