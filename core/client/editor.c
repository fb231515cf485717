/* client/editor.c — see editor.h. */
#include "client/editor.h"

#include "base/lang.h"
#include "base/memory.h"
#include "client/home.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *chosen_editor(void)
{
    static const char *const variables[] = {"VISUAL", "EDITOR"};
    for (size_t i = 0; i < 2; i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && *value != '\0') {
            return value;
        }
    }
    if (!isatty(STDIN_FILENO)) {
        return NULL; /* nobody could type */
    }
    return access("/usr/bin/editor", X_OK) == 0 ? "/usr/bin/editor" : "vi";
}

/* By the shell, as the value may hold options; the path is its argument, never its text. */
static bool run(const char *editor, const char *path, struct err *err)
{
    char *command = mem_printf("%s \"$0\"", editor);
    pid_t child = fork();
    if (child == 0) {
        execlp("sh", "sh", "-c", command, path, (char *)NULL);
        _exit(127);
    }
    mem_free(command);
    int status = -1;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (child < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return err_set(err, ERR_FILE, _("The editor “%s” did not end well."), editor);
    }
    return true;
}

char *editor_run(const char *text, char **path_out, struct err *err)
{
    *path_out = NULL;
    const char *editor = chosen_editor();
    if (editor == NULL) {
        err_set(err, ERR_PARAMS, "%s", _("There is no editor: EDITOR is not set."));
        err_hint(err, "%s", _("Fill the form in as a file, and give it with -f FILE."));
        return NULL;
    }
    char *folder = home_path(HOME_DATA, "outbox/draft");
    char *path = mem_printf("%s/form-%ld.txt", folder, (long)getpid());
    bool ok = home_make(folder, err) && home_write(path, text, strlen(text), err) &&
              run(editor, path, err);
    mem_free(folder);
    char *edited = ok ? home_read(path, NULL) : NULL;
    if (ok && edited == NULL) {
        err_set(err, ERR_FILE, _("%s cannot be read."), path);
    } else if (ok && strcmp(edited, text) == 0) {
        err_set(
            err, ERR_PARAMS, "%s", _("Nothing was written into the form, so nothing was sent."));
        mem_free(edited);
        edited = NULL;
    }
    if (edited == NULL) {
        unlink(path);
        mem_free(path);
        return NULL;
    }
    *path_out = path;
    return edited;
}

void editor_done(char *path)
{
    if (path != NULL) {
        unlink(path);
        mem_free(path);
    }
}
