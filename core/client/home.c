/* client/home.c — see home.h. */
#include "client/home.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEEN_MAX = 200 };

char *home_path(enum home_kind kind, const char *name)
{
    static const struct {
        const char *variable, *below_home;
    } rows[] = {
        [HOME_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
        [HOME_STATE] = {"XDG_STATE_HOME", ".local/state"},
        [HOME_DATA] = {"XDG_DATA_HOME", ".local/share"},
    };
    const char *base = getenv(rows[kind].variable);
    const char *home = getenv("HOME");
    const char *slash = name != NULL ? "/" : "";
    name = name != NULL ? name : "";
    if (base != NULL && *base == '/') {
        return mem_printf("%s/fengqiao%s%s", base, slash, name);
    }
    return mem_printf(
        "%s/%s/fengqiao%s%s", home != NULL ? home : "", rows[kind].below_home, slash, name);
}

bool home_make(const char *folder, struct err *err)
{
    char *path = mem_strdup(folder);
    bool ok = true;
    for (char *p = path + 1; ok; p++) {
        if (*p == '/' || *p == '\0') {
            char kept = *p;
            *p = '\0';
            if (mkdir(path, 0700) != 0 && errno != EEXIST) {
                ok = err_set(err, ERR_FILE, "%s: %s", path, strerror(errno));
            }
            *p = kept;
            if (kept == '\0') {
                break;
            }
        }
    }
    mem_free(path);
    return ok;
}

static bool sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = mem_strndup(path, slash == NULL ? 0 : (size_t)(slash - path));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    mem_free(folder);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return ok;
}

static bool write_whole(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        text += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

bool home_write(const char *path, const char *text, size_t len, struct err *err)
{
    char *temporary = mem_printf("%s.tmp%ld", path, (long)getpid());
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write_whole(fd, text, len) && fsync(fd) == 0;
    if (fd >= 0) {
        ok = close(fd) == 0 && ok;
    }
    ok = ok && rename(temporary, path) == 0 && sync_folder_of(path);
    if (!ok) {
        err_set(err, ERR_FILE, "%s: %s", path, strerror(errno));
        unlink(temporary);
    }
    mem_free(temporary);
    return ok;
}

bool home_remove(const char *path, struct err *err)
{
    if (unlink(path) != 0) {
        return errno == ENOENT || err_set(err, ERR_FILE, "%s: %s", path, strerror(errno));
    }
    return sync_folder_of(path) || err_set(err, ERR_FILE, "%s: %s", path, strerror(errno));
}

char *home_read(const char *path, size_t *len_out)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        return NULL;
    }
    struct buf out = {0};
    char part[8192];
    size_t n;
    while ((n = fread(part, 1, sizeof part, file)) > 0) {
        buf_add(&out, part, n);
    }
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed) {
        buf_close(&out);
        return NULL;
    }
    if (len_out != NULL) {
        *len_out = out.len;
    }
    return buf_take(&out);
}

json_t *home_load(const char *path)
{
    size_t len = 0;
    char *text = home_read(path, &len);
    json_t *value = text != NULL ? json_parse(text, len, NULL) : NULL;
    mem_free(text);
    if (!json_is_object(value)) {
        json_decref(value);
        value = json_object();
    }
    return value;
}

static bool save_state(const char *name, const json_t *value, struct err *err)
{
    char *folder = home_path(HOME_STATE, NULL);
    char *path = home_path(HOME_STATE, name);
    char *text = json_compact(value);
    bool ok = home_make(folder, err) && home_write(path, text, strlen(text), err);
    free(text);
    mem_free(path);
    mem_free(folder);
    return ok;
}

static json_t *load_state(const char *name)
{
    char *path = home_path(HOME_STATE, name);
    json_t *value = home_load(path);
    mem_free(path);
    return value;
}

json_t *login_load(const char *server)
{
    json_t *all = load_state("logins.json");
    json_t *mine = json_incref(json_member(all, server));
    json_decref(all);
    return mine;
}

bool login_save(const char *server, const json_t *login, struct err *err)
{
    json_t *all = load_state("logins.json");
    if (login != NULL) {
        json_object_set_new(all, server, json_deep_copy(login));
    } else {
        json_object_del(all, server);
    }
    bool ok = save_state("logins.json", all, err);
    json_decref(all);
    return ok;
}

json_t *seen_load(void)
{
    json_t *state = load_state("seen.json");
    json_t *numbers = json_incref(json_member(state, "numbers"));
    json_decref(state);
    if (!json_is_array(numbers)) {
        json_decref(numbers);
        numbers = json_array();
    }
    return numbers;
}

void seen_add(const char *const numbers[], size_t count)
{
    json_t *old = seen_load();
    json_t *all = json_array();
    for (size_t i = 0; i < count && json_array_size(all) < SEEN_MAX; i++) {
        json_array_add_once(all, numbers[i]);
    }
    for (size_t i = 0; i < json_array_size(old) && json_array_size(all) < SEEN_MAX; i++) {
        const char *number = json_string_value(json_array_get(old, i));
        if (number != NULL) {
            json_array_add_once(all, number);
        }
    }
    if (!json_equal(all, old)) {
        json_t *state = json_pack("{s:O}", "numbers", all);
        save_state("seen.json", state, NULL); /* a convenience: a full disk must not stop work */
        json_decref(state);
    }
    json_decref(all);
    json_decref(old);
}
