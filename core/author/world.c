/* author/world.c — see world.h. Kept as documents, because an engine owns what it is given. */
#include "author/world.h"

#include "author/datafolder.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "engine/engine.h"
#include "script/script.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

struct world {
    json_t *org, *rights, *terms_doc, *calendars; /* owned */
    struct terms *terms;                          /* owned */
};

static bool load_org(struct world *w, const char *folder, struct err *err)
{
    w->org = datafolder_org(folder, err);
    w->rights = w->org != NULL ? datafolder_file(folder, "rights.lua", err) : NULL;
    w->terms_doc = w->rights != NULL ? datafolder_file(folder, "terms.lua", err) : NULL;
    w->terms = w->terms_doc != NULL ? terms_load(w->terms_doc, err) : NULL;
    return w->terms != NULL;
}

static int is_folder(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool add_calendar(void *ctx, const char *path, const char *name, struct err *err)
{
    struct world *w = ctx;
    (void)name;
    json_t *doc = datafile_load(path, err);
    return doc != NULL && json_array_append_new(w->calendars, doc) == 0;
}

/* Without the folder the days are provisional. */
static bool load_calendars(struct world *w, const char *workflows, struct err *err)
{
    char *folder = mem_printf("%s/calendar", workflows);
    w->calendars = json_array();
    bool ok = datafolder_each_lua(folder, true, 0, add_calendar, w, err);
    mem_free(folder);
    return ok;
}

/* The first folder below that has places.csv; NULL: none. Caller owns. */
static char *find_org(const char *workflows)
{
    struct dirent **list = NULL;
    char *found = NULL;
    int count = scandir(workflows, &list, is_folder, alphasort);
    for (int i = 0; i < count; i++) {
        char *file = mem_printf("%s/%s/places.csv", workflows, list[i]->d_name);
        if (found == NULL && access(file, R_OK) == 0) {
            found = mem_printf("%s/%s", workflows, list[i]->d_name);
        }
        mem_free(file);
        free(list[i]);
    }
    free(list);
    return found;
}

struct world *world_load(const char *workflows, const char *org, struct err *err)
{
    char *folder = org != NULL ? mem_strdup(org) : find_org(workflows);
    if (folder == NULL) {
        err_set(err, ERR_FILE, _("%s: no folder below it has places.csv"), workflows);
        return NULL;
    }
    struct world *w = mem_alloc(sizeof *w);
    bool ok = load_org(w, folder, err) && load_calendars(w, workflows, err);
    mem_free(folder);
    if (!ok) {
        world_free(w);
        return NULL;
    }
    return w;
}

void world_free(struct world *w)
{
    if (w != NULL) {
        json_decref(w->org);
        json_decref(w->rights);
        json_decref(w->terms_doc);
        json_decref(w->calendars);
        terms_free(w->terms);
    }
    mem_free(w);
}

const struct terms *world_terms(const struct world *w)
{
    return w->terms;
}

bool world_furnish(const struct world *w, struct engine *e, struct err *err)
{
    struct org *org = org_load(w->org, err);
    struct access *rights = org != NULL ? access_load(w->rights, err) : NULL;
    struct terms *terms = rights != NULL ? terms_load(w->terms_doc, err) : NULL;
    if (terms == NULL) {
        org_free(org);
        access_free(rights);
        return false;
    }
    engine_set_org(e, org);
    engine_set_access(e, rights);
    engine_set_terms(e, terms);
    size_t i;
    json_t *year;
    json_array_foreach(w->calendars, i, year)
    {
        if (!calendar_add(engine_calendar(e), year, err)) {
            return false;
        }
    }
    return true;
}
