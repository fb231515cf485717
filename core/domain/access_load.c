/* domain/access_load.c — the rights table: role -> right -> scope, as data. */
#include "domain/access_private.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "domain/docread.h"

#include <string.h>

const struct right_row right_rows[RIGHT_COUNT] = {
#define X(id, name, title, local_admin, touching) [id] = {name, title, local_admin, touching},
    RIGHT_LIST(X)
#undef X
};

enum right right_parse(const char *name)
{
    for (int r = 0; r < RIGHT_COUNT; r++) {
        if (text_equal(right_rows[r].name, name)) {
            return (enum right)r;
        }
    }
    return RIGHT_UNKNOWN;
}

struct role {
    char *name, *title; /* owned */
    enum scope scopes[RIGHT_COUNT];
};

struct access {
    struct role *roles; /* owned; a dozen: walked */
    size_t count;
};

static const struct role *find_role(const struct access *a, const char *name)
{
    for (size_t i = 0; i < a->count; i++) {
        if (text_equal(a->roles[i].name, name)) {
            return &a->roles[i];
        }
    }
    return NULL;
}

enum scope access_scope(const struct access *a, const char *role, enum right right)
{
    const struct role *r = find_role(a, role);
    return r == NULL || right >= RIGHT_COUNT ? SCOPE_NONE : r->scopes[right];
}

const char *access_role_title(const struct access *a, const char *role)
{
    const struct role *r = find_role(a, role);
    return r == NULL || r->title == NULL ? role : r->title;
}

static void fail_unknown_right(struct docread *r, const char *right)
{
    const char *names[RIGHT_COUNT];
    for (int i = 0; i < RIGHT_COUNT; i++) {
        names[i] = right_rows[i].name;
    }
    docread_fail(r, right, _("there is no such right"));
    const char *near = text_nearest(right, names, RIGHT_COUNT);
    if (near != NULL) {
        err_hint(r->err, _("did you mean \"%s\"?"), near);
    }
}

static void read_rights(struct docread *r, const json_t *rights, struct role *role)
{
    static const char *const scopes[] = {"none", "body", "subtree", NULL};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)rights, key, value)
    {
        enum right right = right_parse(key);
        if (right == RIGHT_UNKNOWN) {
            fail_unknown_right(r, key);
        }
        int scope = docread_name(r, rights, key, scopes, SCOPE_NONE);
        if (r->failed) {
            return;
        }
        role->scopes[right] = (enum scope)scope;
    }
}

static bool read_role(struct access *a, struct docread *r, const json_t *row)
{
    static const char *const members[] = {"role", "title", "rights", NULL};
    struct role *role = &a->roles[a->count];
    docread_only(r, row, members);
    role->name = docread_text(r, row, "role", true);
    role->title = docread_text(r, row, "title", false);
    if (!r->failed && find_role(a, role->name) != NULL) {
        docread_fail(r, "role", _("the role \"%s\" stands in the table already"), role->name);
    }
    a->count++;
    const json_t *rights = docread_object(r, row, "rights");
    size_t mark = docread_enter(r, "rights");
    if (!r->failed && rights != NULL) {
        read_rights(r, rights, role);
    }
    docread_leave(r, mark);
    return !r->failed;
}

struct access *access_load(const json_t *rows, struct err *err)
{
    if (!json_is_array(rows)) {
        err_set(err, ERR_FORM, _("the rights table is a list of roles"));
        return NULL;
    }
    struct docread r;
    docread_init(&r, err);
    struct access *a = mem_alloc(sizeof *a);
    a->roles = mem_array(json_array_size(rows) + 1, sizeof *a->roles);
    bool ok = true;
    for (size_t i = 0; i < json_array_size(rows) && ok; i++) {
        size_t mark = docread_enter_index(&r, i);
        ok = read_role(a, &r, json_array_get(rows, i));
        docread_leave(&r, mark);
    }
    if (!ok) {
        access_free(a);
        return NULL;
    }
    return a;
}

void access_free(struct access *a)
{
    if (a != NULL) {
        for (size_t i = 0; i < a->count; i++) {
            mem_free(a->roles[i].name);
            mem_free(a->roles[i].title);
        }
        mem_free(a->roles);
        mem_free(a);
    }
}
