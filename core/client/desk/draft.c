/* client/desk/draft.c — see draft.h. */
#include "client/desk/draft.h"

#include "base/json.h"
#include "base/memory.h"
#include "client/home.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *draft_name(const json_t *spec)
{
    const json_t *params = json_member(spec, "params");
    const char *of[] = {json_text(params, "case"), json_text(params, "flow"),
        json_text(params, "action"), json_text(params, "id")};
    char *name = mem_strdup(json_text(spec, "method"));
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
        char *longer =
            mem_printf("%s%s%s", name, of[i] != NULL ? "," : "", of[i] != NULL ? of[i] : "");
        mem_free(name);
        name = longer;
    }
    for (char *p = name; *p != '\0'; p++) {
        *p = *p == '/' ? '_' : *p;
    }
    return name;
}

static char *path_of(const char *folder, const char *name)
{
    return mem_printf("%s/%s.json", folder, name);
}

json_t *draft_load(const char *folder, const char *name)
{
    char *path = folder != NULL ? path_of(folder, name) : NULL;
    char *text = path != NULL ? home_read(path, NULL) : NULL;
    json_t *draft = text != NULL ? json_parse(text, strlen(text), NULL) : NULL;
    if (!json_is_object(draft)) {
        json_decref(draft);
        draft = NULL;
    }
    mem_free(text);
    mem_free(path);
    return draft;
}

void draft_save(const char *folder, const char *name, const json_t *draft)
{
    if (folder == NULL) {
        return;
    }
    char *path = path_of(folder, name);
    if (json_object_size(draft) == 0) {
        unlink(path);
    } else if (home_make(folder, NULL)) {
        char *text = json_compact(draft);
        home_write(path, text, strlen(text), NULL);
        free(text);
    }
    mem_free(path);
}
