/* client/cmd_session.c — login, logout, whoami, health, clock, rpc. */
#include "client/cmd.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/random.h"
#include "client/fields.h"
#include "client/home.h"
#include "client/remote.h"
#include "client/trust.h"
#include "client/view.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* From --password-file, the terminal, or FENGQIAO_PASSWORD; never from the command line, where
 * other users of the machine could read it. Caller owns. */
static char *read_password(
    struct client *c, const struct args *a, const char *prompt, struct err *err)
{
    const char *file = args_option(a, "password-file");
    char *password = NULL;
    if (file != NULL) {
        password = home_read(strcmp(file, "-") == 0 ? "/dev/stdin" : file, NULL);
        if (password == NULL) {
            err_set(err, ERR_FILE, _("%s cannot be read."), file);
            return NULL;
        }
        password[strcspn(password, "\r\n")] = '\0';
    } else if (getenv("FENGQIAO_PASSWORD") != NULL) {
        password = mem_strdup(getenv("FENGQIAO_PASSWORD"));
    } else if (client_interactive(c)) {
        password = client_ask_secret(prompt);
    }
    if (password == NULL || *password == '\0') {
        mem_free(password);
        err_set(err, ERR_PARAMS, _("No password was given."));
        err_hint(err, _("On a terminal you are asked; scripts use --password-file FILE."));
        return NULL;
    }
    return password;
}

static char *ask_user(struct client *c, const struct args *a, struct err *err)
{
    if (args_word(a, 0) != NULL) {
        return mem_strdup(args_word(a, 0));
    }
    char line[128];
    if (client_interactive(c)) {
        fprintf(c->talk, "%s", _("User: "));
        fflush(c->talk);
        if (fgets(line, sizeof line, stdin) != NULL) {
            line[strcspn(line, "\r\n")] = '\0';
            return mem_strdup(line);
        }
    }
    err_set(err, ERR_PARAMS, _("Who are you? Usage: fengqiao login USER"));
    return NULL;
}

static json_t *call_login(
    struct client *c, const char *user, const char *password, const char *device, struct err *err)
{
    char host[64] = "";
    gethostname(host, sizeof host - 1);
    json_t *params = json_pack("{s:s, s:s, s:s}", "user", user, "password", password, "device",
        device != NULL ? device : host);
    json_decref(c->login);
    c->login = NULL; /* an old token must not ride along */
    return remote_call(c, "auth.login", params, err);
}

/* What this login keeps to read offline is sealed with a key of its own (copies.h). */
static void put_cache_key(json_t *login)
{
    struct seal_key key;
    char text[SEAL_KEY_TEXT];
    seal_key_make(&key);
    json_put_text(login, "cache_key", seal_key_text(&key, text));
}

bool cmd_login(struct client *c, const struct args *a, struct err *err)
{
    char *user = ask_user(c, a, err);
    char *password = user != NULL ? read_password(c, a, _("Password: "), err) : NULL;
    char *old_copies =
        c->login != NULL ? copies_folder(c->server, json_text(c->login, "user")) : NULL;
    json_t *login =
        password != NULL ? call_login(c, user, password, args_option(a, "device"), err) : NULL;
    mem_free(password);
    mem_free(user);
    if (login != NULL) {
        put_cache_key(login);
        if (old_copies != NULL) {
            copies_remove(old_copies); /* they open with the old key only */
        }
    }
    mem_free(old_copies);
    if (login == NULL || !trust_keep(c, err) || !login_save(c->server, login, err)) {
        json_decref(login);
        return false;
    }
    c->login = login;
    copies_free(c->copies);
    c->copies = NULL;
    c->pending_tried = false;
    const char *name = json_text(login, "name");
    json_t *shown = json_copy(login);
    json_object_del(shown, "cache_key");
    bool raw = view_raw(c, shown);
    json_decref(shown);
    if (!raw) {
        fprintf(c->out, _("✓ Logged in as %s (%s).\n"), name != NULL ? name : "",
            json_text(login, "user"));
        view_next(c, _("What waits for you"), "inbox");
    }
    return remote_ready(c, err);
}

bool cmd_logout(struct client *c, const struct args *a, struct err *err)
{
    (void)a;
    if (c->login != NULL) {
        /* The login here goes in any case: a dead line must not keep it alive on this computer. */
        json_decref(remote_call(c, "auth.logout", NULL, NULL));
    }
    remote_forget(c);
    if (!login_save(c->server, NULL, err)) {
        return false;
    }
    json_decref(c->login);
    c->login = NULL;
    remote_close(c);
    fprintf(c->talk, "%s", _("✓ Logged out.\n"));
    return true;
}

bool cmd_whoami(struct client *c, const struct args *a, struct err *err)
{
    (void)a;
    json_t *me = remote_read(c, "auth.whoami", NULL, err);
    if (me == NULL) {
        return false;
    }
    if (!view_raw(c, me)) {
        char *head =
            mem_printf(_("%s (%s)"), json_text(me, "name") != NULL ? json_text(me, "name") : "",
                json_text(me, "user") != NULL ? json_text(me, "user") : "");
        view_head(c, head);
        mem_free(head);
        static const struct view_column columns[] = {
            {N_("role"), "role_title", "role", false},
            {N_("body"), "body_name", "body", true},
            {N_("place"), "place_name", "place", false},
            {0},
        };
        view_list(c, json_member(me, "members"), columns);
    }
    json_decref(me);
    return true;
}

/* {"a":1,"b":{"c":2}} as "a=1 b.c=2": counters for whoever watches the daemon. Caller owns. */
static char *counters(const json_t *object)
{
    struct buf out = {0};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        char *inner = json_is_object(value)  ? counters(value)
                      : json_is_array(value) ? mem_printf("%zu", json_array_size(value))
                                             : view_scalar(value);
        buf_addf(&out, json_is_object(value) ? "%s%s(%s)" : "%s%s=%s", out.len > 0 ? " " : "", key,
            inner);
        mem_free(inner);
    }
    return buf_take(&out);
}

static const char *health_title(const char *key)
{
    static const struct {
        const char *key, *title;
    } titles[] = {
        {"status", N_("status")},
        {"version", N_("version")},
        {"uptime_s", N_("seconds up")},
        {"now", N_("time of the server")},
        {"virtual", N_("virtual clock")},
        {"read_only", N_("read only")},
        {"last_seq", N_("last event")},
        {"calendar", N_("calendar")},
        {"engine", N_("work done")},
        {"doors", N_("doors")},
        {"limits", N_("limits")},
        {"reference", N_("data loaded")},
        {"plugins", N_("plugins")},
    };
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (strcmp(titles[i].key, key) == 0) {
            return _(titles[i].title);
        }
    }
    return key;
}

static const char *health_status(const char *status)
{
    return text_equal(status, "ok")          ? _("sound")
           : text_equal(status, "warning")   ? _("needs attention")
           : text_equal(status, "read_only") ? _("read-only")
                                             : status;
}

bool cmd_health(struct client *c, const struct args *a, struct err *err)
{
    (void)a;
    json_t *health = remote_call(c, "server.health", NULL, err);
    if (health == NULL) {
        return false;
    }
    if (!view_raw(c, health)) {
        const char *key;
        json_t *value;
        json_object_foreach(health, key, value)
        {
            char *text = json_is_object(value) ? counters(value) : view_scalar(value);
            bool bad = strcmp(key, "read_only") == 0 && json_is_true(value);
            if (strcmp(key, "status") == 0) {
                char *words = mem_strdup(health_status(text));
                mem_free(text);
                text = words;
            }
            view_line(c, health_title(key), text, bad ? PAINT_RED : PAINT_PLAIN);
            mem_free(text);
        }
    }
    c->exit_code = json_flag(health, "read_only") ? 75 : 0;
    json_decref(health);
    return true;
}

/* "90 days" or "3d" from now on, or an instant; new reference. */
static json_t *clock_params(struct client *c, const char *to, struct err *err)
{
    int64_t ms;
    struct date day;
    char text[INSTANT_TEXT];
    if (date_parse(to, &day)) {
        ms = date_start_ms(day);
    } else if (!instant_parse(to, &ms)) {
        int64_t span_ms;
        if (!fields_duration(to, &span_ms, err)) {
            return NULL;
        }
        json_t *now = remote_call(c, "server.clock", NULL, err);
        bool known = now != NULL && json_text(now, "now") != NULL &&
                     instant_parse(json_text(now, "now"), &ms);
        json_decref(now);
        if (!known) {
            return NULL;
        }
        ms += span_ms;
    }
    return json_pack("{s:s}", "to", instant_format(ms, text));
}

bool cmd_clock(struct client *c, const struct args *a, struct err *err)
{
    const char *to = args_word(a, 0);
    json_t *params = to != NULL ? clock_params(c, to, err) : NULL;
    if (to != NULL && params == NULL) {
        return false;
    }
    json_t *clock = remote_call(c, "server.clock", params, err);
    if (clock == NULL) {
        return false;
    }
    if (!view_raw(c, clock)) {
        char *now = view_time(json_text(clock, "now"));
        fprintf(c->out, "%s\n", now);
        mem_free(now);
    }
    json_decref(clock);
    return true;
}

/* name=text, name:=json, name=@file; new reference. */
static json_t *rpc_params(const struct args *a, struct err *err)
{
    json_t *params = json_object();
    for (size_t i = 1; i < a->count; i++) {
        const char *raw = strstr(a->words[i], ":=");
        const char *equal = strchr(a->words[i], '=');
        bool is_json = raw != NULL && raw + 1 == equal;
        if (is_json) {
            json_t *value = json_parse(raw + 2, strlen(raw + 2), err);
            char *name = mem_strndup(a->words[i], (size_t)(raw - a->words[i]));
            bool ok = value != NULL && json_object_set_new(params, name, value) == 0;
            mem_free(name);
            if (!ok) {
                json_decref(params);
                return NULL;
            }
        } else if (!fields_add(params, a->words[i], err)) {
            json_decref(params);
            return NULL;
        }
    }
    return params;
}

bool cmd_rpc(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = rpc_params(a, err);
    if (params == NULL) {
        return false;
    }
    /* The key lets a mutating method through; others ignore it. No outbox: this is a tool for
     * people who look at what comes back. */
    json_t *request_key = json_member(params, "_meta");
    if (request_key == NULL) {
        char key[UUID_TEXT];
        random_uuid7(wallclock_now_ms(&c->clock), key);
        json_object_set_new(params, "_meta", json_pack("{s:s}", "key", key));
    }
    json_t *result = remote_call(c, args_word(a, 0), params, err);
    if (result == NULL) {
        return false;
    }
    view_json(c, result);
    json_decref(result);
    return true;
}

bool cmd_user_list(struct client *c, const struct args *a, struct err *err)
{
    (void)a;
    json_t *users = remote_call(c, "user.list", NULL, err);
    if (users == NULL) {
        return false;
    }
    static const struct view_column columns[] = {
        {N_("user"), "user", "id", false},
        {N_("name"), "name", NULL, false},
        {N_("roles"), "roles", "members", true},
        {N_("disabled"), "disabled", NULL, false},
        {N_("last login"), "last_login_at", NULL, false},
        {0},
    };
    view_list(c, users, columns);
    json_decref(users);
    return true;
}

bool cmd_user_passwd(struct client *c, const struct args *a, struct err *err)
{
    char *password = read_password(c, a, _("New password: "), err);
    if (password == NULL) {
        return false;
    }
    /* Not through the outbox: a password must not lie in a file. Its key makes a repeat harmless.
     */
    char key[UUID_TEXT];
    random_uuid7(wallclock_now_ms(&c->clock), key);
    json_t *params = json_pack(
        "{s:s, s:s, s:{s:s}}", "user", args_word(a, 0), "password", password, "_meta", "key", key);
    mem_free(password);
    json_t *result = remote_call(c, "user.passwd", params, err);
    if (result == NULL) {
        return false;
    }
    if (!view_raw(c, result)) {
        fprintf(c->out, _("✓ The password of %s is set.\n"), args_word(a, 0));
    }
    json_decref(result);
    return true;
}
