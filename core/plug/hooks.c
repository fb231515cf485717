/* plug/hooks.c — see hooks.h. The JSON text of a command or event is made once, and only when
 * somebody wants it. */
#include "plug/hooks.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Kinds a person or a plugin may send; the rest is the engine's own and not to be vetoed. */
static const char *const command_kinds[COMMAND_COUNT] = {
    [COMMAND_OPEN] = "open",
    [COMMAND_ACT] = "act",
    [COMMAND_NOTE] = "note",
    [COMMAND_ASSIGN] = "assign",
    [COMMAND_CLAIM] = "claim",
    [COMMAND_CLASSIFY] = "classify",
    [COMMAND_PAUSE] = "pause",
    [COMMAND_DOCUMENT] = "document",
    [COMMAND_UNDO] = "undo",
    [COMMAND_REVEAL] = "reveal",
    [COMMAND_RECUSE] = "recuse",
    [COMMAND_ATTACH] = "attach",
    [COMMAND_DETACH] = "detach",
    [COMMAND_LINK] = "link",
    [COMMAND_UNLINK] = "unlink",
    [COMMAND_TASK_ASK] = "task.ask",
    [COMMAND_TASK_ANSWER] = "task.answer",
    [COMMAND_TASK_RETURN] = "task.return",
    [COMMAND_TASK_CANCEL] = "task.cancel",
    [COMMAND_URGE] = "urge",
};

static struct fq_text text_of(const char *text)
{
    return (struct fq_text){text, text == NULL ? 0 : strlen(text)};
}

static bool has_veto(const struct plugin *p)
{
    return p->state == PLUGIN_OPEN && p->module.api.before_command != NULL;
}

/* One plugin's answer: false refuses. */
static bool ask_one(struct plugin *p, const struct fq_command *command, struct err *err)
{
    char reason[PLUGIN_TEXT_MAX] = "";
    int64_t entered = plugin_enter(p);
    int result = p->module.api.before_command(p->self, command, reason, sizeof(reason));
    reason[sizeof(reason) - 1] = '\0';
    bool worded = reason[0] != '\0' && utf8_valid(reason, strlen(reason));
    bool fault = !(result == FQ_OK || (result == FQ_REFUSED && worded));
    plugin_left(p, "before_command", entered, fault,
        result == FQ_REFUSED ? "refused without a reason" : "bad result");
    if (fault && p->required) {
        err_set(err, ERR_PLUGIN, _("plugin %s failed, and nothing is done without its consent"),
            plugin_name(p));
        return err_hint(err, _("tell the administrator; server.health names the fault"));
    }
    if (fault || result == FQ_OK) {
        return true;
    }
    err_set(err, ERR_GUARD, "%s", reason);
    return err_data(err, "plugin", json_string(plugin_name(p)));
}

/* What the command says, as the plugin may know it. Caller frees. */
static char *args_text(const struct plugin *p, const struct command *c, const struct casefile *kase)
{
    if (c->args == NULL || p->unveiled) {
        return c->args == NULL ? strdup("{}") : json_compact(c->args);
    }
    json_t *veiled = engine_args_veiled(p->services->engine, c, kase);
    char *text = json_compact(veiled);
    json_decref(veiled);
    return text;
}

static char *event_text(const struct plugin *p, const json_t *event)
{
    if (p->unveiled) {
        return json_compact(event);
    }
    json_t *veiled = engine_event_veiled(p->services->engine, event);
    char *text = json_compact(veiled);
    json_decref(veiled);
    return text;
}

bool hooks_ask(struct plugin *const plugins[], size_t count, const struct command *c,
    const struct casefile *kase, struct err *err)
{
    if (command_kinds[c->kind] == NULL) {
        return true;
    }
    char *texts[2] = {NULL, NULL}; /* veiled, unveiled */
    bool good = true;
    for (size_t i = 0; i < count && good; i++) {
        struct plugin *p = plugins[i];
        if (p->required && p->disabled && p->module.api.before_command != NULL) {
            good = err_set(err, ERR_PLUGIN,
                _("plugin %s failed, and nothing is done without its consent"), plugin_name(p));
            continue;
        }
        if (!has_veto(p)) {
            continue;
        }
        char **args = &texts[p->unveiled];
        if (*args == NULL) {
            *args = args_text(p, c, kase);
        }
        struct fq_command command = {.size = sizeof(command),
            .dry_run = c->dry_run,
            .kind = text_of(command_kinds[c->kind]),
            .user = text_of(c->actor.user),
            .number = text_of(kase == NULL ? NULL : kase->number),
            .flow = text_of(kase == NULL ? NULL : kase->flow),
            .state = text_of(kase == NULL ? NULL : kase->state),
            .host = text_of(kase == NULL ? NULL : kase->host),
            .args = text_of(*args)};
        good = ask_one(p, &command, err);
    }
    free(texts[0]);
    free(texts[1]);
    return good;
}

void hooks_tell(struct plugin *const plugins[], size_t count, const json_t *event)
{
    char *texts[2] = {NULL, NULL}; /* veiled, unveiled */
    for (size_t i = 0; i < count; i++) {
        struct plugin *p = plugins[i];
        if (p->state != PLUGIN_OPEN || p->module.api.after_event == NULL) {
            continue;
        }
        char **text = &texts[p->unveiled];
        if (*text == NULL) {
            *text = event_text(p, event);
        }
        struct fq_event told = {
            .size = sizeof(told), .seq = json_number(event, "seq", 0), .json = text_of(*text)};
        int64_t entered = plugin_enter(p);
        int result = p->module.api.after_event(p->self, &told);
        plugin_left(p, "after_event", entered, result != FQ_OK, "bad result");
    }
    free(texts[0]);
    free(texts[1]);
}
