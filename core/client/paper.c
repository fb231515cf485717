/* client/paper.c — see paper.h. */
#include "client/paper.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client/view.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAMES_TRIED = 100, LP_ABSENT = 127 }; /* 人民调解协议书-羊调26-0001-2.pdf … */

char *paper_standing(const json_t *item)
{
    const json_t *made = json_member(item, "made"), *missing = json_member(item, "missing");
    struct buf out = {0};
    if (made != NULL) {
        buf_addf(&out, _("made: %s"), json_text(made, "number"));
    } else if (json_array_size(missing) == 0) {
        buf_adds(&out, _("can be printed"));
    }
    for (size_t i = 0; i < json_array_size(missing); i++) {
        buf_addf(&out, "%s%s",
            i > 0          ? view_comma()
            : made != NULL ? _("; still missing: ")
                           : _("still missing: "),
            json_text(json_array_get(missing, i), "title"));
    }
    return buf_take(&out);
}

/* A title from the server is a name here, never a way to another folder. Caller owns. */
static char *plain_name(const json_t *made, const char *number, const char *ending, int i)
{
    const char *title = json_text(made, "title");
    title = title != NULL ? title : "";
    char *name = i == 1 ? mem_printf("%s-%s.%s", title, number, ending)
                        : mem_printf("%s-%s-%d.%s", title, number, i, ending);
    for (char *p = name; *p != '\0'; p++) {
        bool bad = (unsigned char)*p < 0x20 || *p == '/' || *p == '\\' || *p == 0x7f;
        *p = bad || (p == name && (*p == '.' || *p == '-')) ? '_' : *p;
    }
    return name;
}

char *paper_file_name(
    const char *folder, const json_t *made, const char *number, const char *ending)
{
    char *path = NULL;
    for (int i = 1; i <= NAMES_TRIED; i++) {
        mem_free(path);
        char *name = plain_name(made, number, ending, i);
        path = folder != NULL ? mem_printf("%s/%s", folder, name) : mem_strdup(name);
        mem_free(name);
        if (access(path, F_OK) != 0) {
            break;
        }
    }
    return path;
}

/* The paper as a file that has no name and lives in memory only. */
static int unnamed(const char *data, size_t len)
{
    int fd = memfd_create("paper", MFD_CLOEXEC);
    while (fd >= 0 && len > 0) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            close(fd);
            return -1;
        }
        data += n;
        len -= (size_t)n;
    }
    if (fd >= 0) {
        lseek(fd, 0, SEEK_SET);
    }
    return fd;
}

static void become_lp(const char *printer, int paper, bool quiet)
{
    int nothing = quiet ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
    dup2(paper, STDIN_FILENO);
    if (nothing >= 0) {
        dup2(nothing, STDOUT_FILENO);
        dup2(nothing, STDERR_FILENO);
    }
    if (strcmp(printer, "-") == 0) {
        execlp("lp", "lp", "-s", (char *)NULL);
    } else {
        execlp("lp", "lp", "-s", "-d", printer, (char *)NULL);
    }
    _exit(LP_ABSENT);
}

pid_t paper_print(const char *printer, const void *data, size_t len, bool quiet, struct err *err)
{
    int paper = unnamed(data, len);
    pid_t child = paper >= 0 ? fork() : -1;
    if (child == 0) {
        become_lp(printer, paper, quiet);
    }
    if (paper >= 0) {
        close(paper);
    }
    if (child < 0) {
        err_set(err, ERR_FILE, "lp: %s", strerror(errno));
    }
    return child;
}

bool paper_printed(int status, struct err *err)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return true;
    }
    return err_set(err, ERR_FILE, "%s",
        WIFEXITED(status) && WEXITSTATUS(status) == LP_ABSENT
            ? _("This computer has no program lp for printing.")
            : _("The printer did not take it."));
}
