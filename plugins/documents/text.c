/* text.c — small things about text: what may stand on paper, HTML, base64, digests. */
#include "documents.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

struct fq_text text_of(const char *text)
{
    return (struct fq_text){text, text == NULL ? 0 : strlen(text)};
}

const char *said(const struct documents *d, const char *msgid)
{
    return d->host->text(d->host, NULL, msgid);
}

const char *member_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

/* One character of valid UTF-8 (jansson lets nothing else in); its length in *len_out. */
static unsigned long next_char(const char *text, size_t *len_out)
{
    const unsigned char *c = (const unsigned char *)text;
    size_t len = c[0] < 0x80 ? 1 : c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : 4;
    unsigned long value = len == 1 ? c[0] : c[0] & (0xFFu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        value = value << 6 | (c[i] & 0x3Fu);
    }
    *len_out = len;
    return value;
}

/* Characters that print nothing and could turn a line around or hide a part of it. */
static bool is_unwanted(unsigned long c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || c == 0x061C ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
           (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF) || (c >= 0xE0000 && c <= 0xE0FFF);
}

char *clean_text(const char *text)
{
    char *out = malloc(strlen(text) + 1), *to = out;
    for (size_t len; *text != '\0'; text += len) {
        unsigned long c = next_char(text, &len);
        if (c == '\t') {
            *to++ = ' ';
        } else if (c == 0x2028 || c == 0x2029) {
            *to++ = '\n';
        } else if (!is_unwanted(c)) {
            memcpy(to, text, len);
            to += len;
        }
    }
    *to = '\0';
    return out;
}

void put_escaped(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\'':
            fputs("&#39;", out);
            break;
        case '\n':
            fputs("<br>", out);
            break;
        default:
            fputc(*text, out);
        }
    }
}

char *base64_of(const unsigned char *data, size_t len)
{
    char *out = malloc(4 * ((len + 2) / 3) + 1);
    EVP_EncodeBlock((unsigned char *)out, data, (int)len);
    return out;
}

static void to_hex(const unsigned char *bytes, size_t count, char *out)
{
    for (size_t i = 0; i < count; i++) {
        sprintf(out + 2 * i, "%02x", bytes[i]);
    }
}

void sha256_hex(const char *text, char out[65])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_Digest(text, strlen(text), digest, NULL, EVP_sha256(), NULL);
    to_hex(digest, 32, out);
}

void random_key(char out[48])
{
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1) {
        abort(); /* without randomness nothing in this program is safe */
    }
    strcpy(out, "documents:");
    to_hex(bytes, sizeof bytes, out + strlen(out));
}
