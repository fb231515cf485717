/* client/cmd_files.c — the files of a case: attach, list, take out, fetch. */
#include "client/cmd.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/change.h"
#include "client/home.h"
#include "client/media.h"
#include "client/page.h"
#include "client/page_links.h"
#include "client/remote.h"
#include "client/transfer.h"
#include "client/view.h"

#include <string.h>
#include <unistd.h>

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static bool attach_one(struct client *c, const struct args *a, const char *path, struct err *err)
{
    size_t len = 0;
    char *data = home_read(path, &len);
    if (data == NULL) {
        return err_set(err, ERR_FILE, _("%s cannot be read."), path);
    }
    const char *name = args_option(a, "name") != NULL ? args_option(a, "name") : last_part(path);
    char hash[DIGEST_TEXT];
    bool ok = len > 0 || err_set(err, ERR_FILE, _("%s is empty."), path);
    if (ok && !c->dry_run) {
        ok = transfer_send(c, name, data, len, hash, err);
    } else if (ok) {
        struct digest digest = digest_of(data, len);
        digest_hex(&digest, hash);
    }
    mem_free(data);
    if (!ok) {
        return false;
    }
    json_t *params = page_case_params(c, a);
    json_put_text(params, "hash", hash);
    json_put_text(params, "name", name);
    json_put_text(params, "media", media_of_name(path));
    json_put_text(params, "kind", args_option(a, "kind"));
    return change_send(c, "case.attach", params, err);
}

bool cmd_case_attach(struct client *c, const struct args *a, struct err *err)
{
    if (a->count > 2 && args_option(a, "name") != NULL) {
        return err_set(err, ERR_PARAMS, "%s", _("--name is for one file."));
    }
    for (size_t i = 1; i < a->count; i++) {
        if (!attach_one(c, a, a->words[i], err)) {
            return false;
        }
    }
    return true;
}

static const struct view_column file_columns[] = {
    {N_("file no."), "id", NULL, false},
    {N_("name"), "name", NULL, true},
    {N_("kind"), "kind", NULL, true},
    {N_("size"), "size", NULL, false},
    {N_("when"), "at", NULL, false},
    {N_("who"), "by_name", "by", true},
    {0},
};

bool cmd_case_files(struct client *c, const struct args *a, struct err *err)
{
    json_t *page = remote_read(c, "case.get", page_case_params(c, a), err);
    if (page == NULL) {
        return false;
    }
    json_t *files = json_member(page, "files");
    json_t *none = json_array();
    if (c->output == OUTPUT_TABLE && json_array_size(files) == 0) {
        fprintf(c->out, "%s", _("The case has no files.\n"));
        view_next(c, _("Attach one"), "case attach %s FILE", args_word(a, 0));
    } else if (c->output == OUTPUT_TABLE) {
        page_print_files(c, page);
    } else {
        view_list(c, files != NULL ? files : none, file_columns);
    }
    json_decref(none);
    json_decref(page);
    return true;
}

bool cmd_case_detach(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = page_case_params(c, a);
    char *id = page_find_item(c, json_text(params, "case"), "files", args_word(a, 1));
    json_put_text(params, "file", id);
    mem_free(id);
    if (!change_reason(a, params, err)) {
        json_decref(params);
        return false;
    }
    return change_send(c, "case.detach", params, err);
}

/* A name from elsewhere is a name here, never a way out of the folder. Caller owns. */
static char *safe_name(const json_t *item)
{
    const char *name = json_text(item, "name");
    char *safe =
        mem_strdup(name != NULL && *name != '\0' ? last_part(name) : json_text(item, "id"));
    for (char *p = safe; *p != '\0'; p++) {
        bool control = (unsigned char)*p < 0x20 || *p == 0x7f || *p == '\\';
        *p = control || (p == safe && *p == '.') ? '_' : *p;
    }
    return safe;
}

bool cmd_case_get(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = page_case_params(c, a);
    const char *number = json_text(params, "case");
    json_t *item = page_item(c, number, "files", args_word(a, 1));
    bool ok = item != NULL;
    if (!ok) {
        err_set(err, ERR_NOT_FOUND, _("The case has no file “%s”."), args_word(a, 1));
        err_hint(err, _("Its files: fengqiao case files %s"), args_word(a, 0));
    }
    char *path = !ok                             ? NULL
                 : args_option(a, "out") != NULL ? mem_strdup(args_option(a, "out"))
                                                 : safe_name(item);
    if (ok && access(path, F_OK) == 0) {
        ok = err_set(err, ERR_FILE, _("%s is there already."), path);
        err_hint(err, "%s", _("Another name: --out FILE"));
    }
    ok = ok && transfer_fetch(c, number, item, path, err);
    if (ok) {
        char *size = page_size(json_number(item, "size", 0));
        fprintf(c->out, _("✓ %s, %s\n"), path, size);
        mem_free(size);
    }
    mem_free(path);
    json_decref(item);
    json_decref(params);
    return ok;
}
