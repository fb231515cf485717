/* client/desk/attach.c — which file? A list of the user's folder, or a path that is typed. */
#include "client/desk/attach.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/desk/edit.h"
#include "client/desk/screens.h"
#include "client/desk/upload.h"
#include "client/page_links.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FILES_SHOWN = 300, PATH_CHARS = 400 };

/* --- the file is known ----------------------------------------------------------------- */

static void show_folder(struct desk *d, const char *folder);

static void take_path(struct desk *d, const char *path)
{
    struct stat about;
    struct err err = {0};
    char *number = screen_case_number(desk_top(d));
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) {
        show_folder(d, path);
    } else if (number != NULL && d->upload == NULL) {
        d->upload = upload_open(number, path, &err);
        if (d->upload == NULL) {
            desk_say(d, LOOK_LATE, "! %s", err.message);
        }
    }
    err_clear(&err);
    mem_free(number);
}

/* --- typed ----------------------------------------------------------------------------- */

struct ask {
    struct screen screen;
    struct edit typed;
};

static char *ask_title(struct screen *screen, struct desk *d)
{
    (void)screen;
    (void)d;
    return mem_strdup(_("Attach a file"));
}

static void ask_draw(struct screen *screen, struct desk *d, struct board *b)
{
    struct ask *s = (struct ask *)screen;
    int col = board_putf(b, 2, 4, b->cols - 8, LOOK_BOLD, "%s ", _("Path of the file:"));
    edit_draw(&s->typed, b, 2, col, b->cols - 6 - col, 4, true);
    char *words = mem_printf(
        _("From the folder %s, or a whole path that begins with / or ~. Enter sends the file."),
        d->folder);
    board_wrap(b, 7, 4, b->cols - 8, 6, 0, words, LOOK_DIM);
    mem_free(words);
}

/* Caller owns. */
static char *trimmed(const char *text)
{
    text += strspn(text, " ");
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == ' ') {
        len--;
    }
    return mem_strndup(text, len);
}

static void ask_done(struct ask *s, struct desk *d)
{
    char *typed = trimmed(buf_text(&s->typed.text));
    const char *home = getenv("HOME");
    char *path = typed[0] == '/'                            ? mem_strdup(typed)
                 : text_starts(typed, "~/") && home != NULL ? mem_printf("%s%s", home, typed + 1)
                                                            : mem_printf("%s/%s", d->folder, typed);
    if (*typed != '\0' && access(path, R_OK) != 0) {
        desk_say(d, LOOK_LATE, _("! %s cannot be read."), path);
    } else if (*typed != '\0') {
        desk_back(d);
        take_path(d, path);
    }
    mem_free(path);
    mem_free(typed);
}

static bool ask_press(struct screen *screen, struct desk *d, struct press p)
{
    struct ask *s = (struct ask *)screen;
    if (p.code == PRESS_ENTER || p.code == PRESS_F2) {
        ask_done(s, d);
        return true;
    }
    return edit_press(&s->typed, p);
}

static void ask_close(struct screen *screen)
{
    edit_close(&((struct ask *)screen)->typed);
    mem_free(screen);
}

static const struct binding ask_bindings[] = {
    {PRESS_ENTER, N_("Enter"), N_("send the file"), true},
    {PRESS_F1, "F1", N_("help"), false},
    {PRESS_ESC, "Esc", N_("back"), true},
    {0},
};

static const struct screen_kind ask_kind = {
    .bindings = ask_bindings,
    .help = N_("Type where the file is and press Enter. Esc goes back without a file."),
    .types = true,
    .title = ask_title,
    .draw = ask_draw,
    .press = ask_press,
    .close = ask_close,
};

static struct screen *screen_ask(void)
{
    struct ask *s = mem_alloc(sizeof *s);
    s->screen.kind = &ask_kind;
    edit_init(&s->typed, NULL, PATH_CHARS, false);
    return &s->screen;
}

/* --- chosen from a folder -------------------------------------------------------------- */

static void file_chosen(struct desk *d, void *ctx, const json_t *item)
{
    (void)ctx;
    const char *path = json_text(item, "path");
    if (path == NULL) {
        desk_show(d, screen_ask());
    } else {
        take_path(d, path);
    }
}

struct found {
    json_t *item;
    bool folder;
    int64_t at;
    const char *name; /* borrowed from item */
};

/* Files first, the newest first: what was just photographed or scanned is meant. Folders by name.
 */
static int by_use(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->folder != y->folder) {
        return x->folder ? 1 : -1;
    }
    if (!x->folder && x->at != y->at) {
        return x->at < y->at ? 1 : -1;
    }
    return strcmp(x->name, y->name);
}

static bool look_at(const char *folder, const char *name, struct found *f)
{
    struct stat about;
    char *path = mem_printf("%s%s%s", folder, text_ends(folder, "/") ? "" : "/", name);
    bool ok = name[0] != '.' && stat(path, &about) == 0 &&
              (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode));
    f->item = NULL;
    if (ok) {
        char day[sizeof "2026-11-24 09:00"];
        struct tm tm;
        localtime_r(&about.st_mtime, &tm);
        strftime(day, sizeof day, "%Y-%m-%d %H:%M", &tm);
        char *size = page_size(about.st_size);
        f->folder = S_ISDIR(about.st_mode);
        f->at = about.st_mtime;
        char *note = f->folder ? mem_strdup(_("folder")) : mem_printf("%s  %s", size, day);
        f->item = json_pack("{s:s, s:s, s:s}", "title", name, "note", note, "path", path);
        f->name = json_text(f->item, "title");
        mem_free(note);
        mem_free(size);
    }
    mem_free(path);
    return f->item != NULL; /* NULL too: a name that is no UTF-8 */
}

static void add_up(json_t *items, const char *folder)
{
    char *up = mem_strdup(folder);
    char *slash = strrchr(up, '/');
    if (slash != NULL && up[1] != '\0') {
        slash[slash == up] = '\0';
        json_array_append_new(items,
            json_pack("{s:s, s:s, s:s}", "title", _("the folder above"), "note", up, "path", up));
    }
    mem_free(up);
}

static json_t *folder_items(const char *folder)
{
    json_t *items =
        json_pack("[{s:s, s:s}]", "title", _("type the path"), "note", _("of any other file"));
    struct found *found = mem_array(FILES_SHOWN, sizeof *found);
    size_t count = 0;
    DIR *dir = opendir(folder);
    struct dirent *row;
    while (dir != NULL && count < FILES_SHOWN && (row = readdir(dir)) != NULL) {
        count += look_at(folder, row->d_name, &found[count]);
    }
    if (dir != NULL) {
        closedir(dir);
    }
    qsort(found, count, sizeof *found, by_use);
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(items, found[i].item);
    }
    mem_free(found);
    add_up(items, folder);
    return items;
}

static void show_folder(struct desk *d, const char *folder)
{
    char *kept = mem_strdup(folder);
    mem_free(d->folder);
    d->folder = kept;
    char *title = mem_printf(_("Attach which file? %s"), kept);
    desk_show(d, screen_pick(d, title, folder_items(kept), file_chosen, NULL));
    mem_free(title);
}

void attach_begin(struct desk *d)
{
    const char *home = getenv("HOME");
    if (d->upload != NULL) {
        desk_say(d, LOOK_SOON, "%s", _("One file is on its way; the next when it is there."));
        return;
    }
    char *folder = mem_strdup(d->folder != NULL                ? d->folder
                              : home != NULL && home[0] == '/' ? home
                                                               : "/");
    show_folder(d, folder);
    mem_free(folder);
}
