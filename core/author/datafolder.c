/* author/datafolder.c — see datafolder.h. */
#include "author/datafolder.h"

#include "base/csv.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "script/script.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

json_t *datafolder_org(const char *folder, struct err *err)
{
    static const char *const tables[] = {"places", "bodies", "persons", "members"};
    json_t *org = json_object();
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char *path = mem_printf("%s/%s.csv", folder, tables[i]);
        json_t *rows = csv_load(path, err);
        mem_free(path);
        if (rows == NULL) {
            json_decref(org);
            return NULL;
        }
        json_object_set_new(org, tables[i], rows);
    }
    return org;
}

json_t *datafolder_file(const char *folder, const char *name, struct err *err)
{
    char *path = mem_printf("%s/%s", folder, name);
    json_t *doc = datafile_load(path, err);
    mem_free(path);
    return doc;
}

static int is_lua(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && text_ends(entry->d_name, ".lua");
}

bool datafolder_each_lua(
    const char *folder, bool optional, int files_max, datafolder_fn fn, void *ctx, struct err *err)
{
    struct dirent **list = NULL;
    int count = scandir(folder, &list, is_lua, alphasort);
    if (count < 0) {
        return optional || err_set(err, ERR_FILE, "%s: %s", folder, strerror(errno));
    }
    bool ok = files_max == 0 || count <= files_max ||
              err_set(err, ERR_FILE, _("%s: too many files"), folder);
    for (int i = 0; i < count; i++) {
        if (ok) {
            char *path = mem_printf("%s/%s", folder, list[i]->d_name);
            ok = fn(ctx, path, list[i]->d_name, err);
            mem_free(path);
        }
        free(list[i]);
    }
    free(list);
    return ok;
}
