/* rpc/password.c — see password.h. */
#include "rpc/password.h"

#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <crypt.h>
#include <string.h>

/* yescrypt at its default cost, of random bytes that were thrown away: it makes an unknown user
 * cost what a known one costs. */
static const char nobody[] =
    "$y$j9T$EFT60J6nDyQCdPY4riF4p.$jU0f54vGCx7LIFh74U8HTrhAtD9mlTtO3rS2ftyo5tD";

/* Without stopping at the first difference. */
static bool same_bytes(const char *a, const char *b, size_t len)
{
    unsigned char differ = 0;
    for (size_t i = 0; i < len; i++) {
        differ |= (unsigned char)a[i] ^ (unsigned char)b[i];
    }
    return differ == 0;
}

bool password_fit(const char *password, const char *user, struct err *err)
{
    if (!utf8_valid(password, strlen(password)) || strlen(password) > PASSWORD_MAX) {
        return err_set(
            err, ERR_FORM, _("a password has at most %d bytes of valid UTF-8"), (int)PASSWORD_MAX);
    }
    if (utf8_length(password) < PASSWORD_MIN) {
        return err_set(
            err, ERR_FORM, _("a password needs at least %d characters"), (int)PASSWORD_MIN);
    }
    if (text_equal(password, user)) {
        return err_set(err, ERR_FORM, _("the password must not be the user name"));
    }
    return true;
}

char *password_hash(const char *password)
{
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    if (crypt_gensalt_rn("$y$", 0, NULL, 0, setting, sizeof(setting)) == NULL) {
        return NULL;
    }
    struct crypt_data *data = mem_alloc(sizeof(*data)); /* 32 KiB: not for a worker's stack */
    char *hash = crypt_r(password, setting, data);
    char *copy = hash != NULL && hash[0] != '*' ? mem_strdup(hash) : NULL;
    explicit_bzero(data, sizeof(*data));
    mem_free(data);
    return copy;
}

bool password_check(const char *password, const char *hash)
{
    bool known = hash != NULL && hash[0] != '\0';
    const char *against = known ? hash : nobody;
    struct crypt_data *data = mem_alloc(sizeof(*data));
    char *got = crypt_r(password, against, data);
    size_t len = strlen(against);
    bool same = got != NULL && got[0] != '*' && strlen(got) == len && same_bytes(got, against, len);
    explicit_bzero(data, sizeof(*data));
    mem_free(data);
    return same && known;
}

void password_forget(char *password)
{
    if (password != NULL) {
        explicit_bzero(password, strlen(password));
        mem_free(password);
    }
}
