/* engine/paper.c — see engine_case_paper() in engine.h. */
#include "engine/engine.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"
#include "engine/veil.h"

static const json_t *document_of(const struct casefile *c, const char *id)
{
    for (size_t i = 0; i < json_array_size(c->documents); i++) {
        const json_t *item = json_array_get(c->documents, i);
        if (text_equal(json_text(item, "id"), id)) {
            return item;
        }
    }
    return NULL;
}

json_t *engine_case_paper(struct engine *e, const struct casefile *c, const struct actor *actor,
    const char *document, struct err *err)
{
    const json_t *item = document_of(c, document);
    if (item == NULL) {
        err_set(err, ERR_NOT_FOUND, _("Case %s has no document %s"), c->number, document);
        return NULL;
    }
    if (!json_array_has(json_object_get(item, "printed_by"), actor->user)) {
        err_set(err, ERR_FORBIDDEN, _("The history does not say that you made this document"));
        err_hint(err, _("Make it once more; that is recorded"));
        return NULL;
    }
    bool whole = engine_sees_secrets(e, c, actor);
    if (c->sealed && !whole) {
        err_set(
            err, ERR_FORBIDDEN, _("The case is sealed: only the person named for it acts in it"));
        return NULL;
    }
    return json_pack("{s:O, s:o, s:b}", "document", item, "parties",
        whole ? json_incref(c->parties) : veil_parties(c->parties), "whole", whole);
}
