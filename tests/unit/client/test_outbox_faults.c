/* The outbox under a power cut: the process dies before each call that touches the disk, one after
 * the other, and each time every request is still somewhere, whole. The calls themselves are
 * watched for their order, as a cut also loses what was not synced. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/outbox.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEY "01890000-0000-7000-8000-000000000001"
#define LINE                                                                                       \
    "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"case.note\",\"params\":{\"case\":\"1\"}}"

enum { DIED = 9, STEPS_MAX = 40 };

static int steps_left = -1; /* -1: nothing happens */
static char order[64];      /* w write, s sync of a file, d of a folder, r rename, u unlink */

static void step(char what)
{
    if (steps_left == 0) {
        _exit(DIED);
    }
    steps_left -= steps_left > 0;
    size_t n = strlen(order);
    if (n + 1 < sizeof order) {
        order[n] = what;
    }
}

ssize_t write(int fd, const void *data, size_t len)
{
    static ssize_t (*real)(int, const void *, size_t);
    real = real != NULL ? real : (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    if (fd > 2) {
        step('w');
    }
    return real(fd, data, len);
}

int fsync(int fd)
{
    static int (*real)(int);
    real = real != NULL ? real : (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    struct stat info;
    step(fstat(fd, &info) == 0 && S_ISDIR(info.st_mode) ? 'd' : 's');
    return real(fd);
}

int rename(const char *from, const char *to)
{
    static int (*real)(const char *, const char *);
    real = real != NULL ? real : (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    step('r');
    return real(from, to);
}

int unlink(const char *path)
{
    static int (*real)(const char *);
    real = real != NULL ? real : (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
    step('u');
    return real(path);
}

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/fengqiao-test-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    char *command = mem_printf("rm -rf '%s'", folder);
    int failed = system(command);
    mem_free(command);
    return failed;
}

/* Runs `work` in a child that dies before its n-th step; true when it came to its end. */
static bool survives(int n, void (*work)(struct outbox *))
{
    pid_t child = fork();
    if (child == 0) {
        struct outbox *o = outbox_open(folder, NULL);
        steps_left = n;
        work(o);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(child, waitpid(child, &status, 0));
    assert_true(WIFEXITED(status));
    assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == DIED);
    return WEXITSTATUS(status) == 0;
}

/* How many folders hold the request, each whole. */
static size_t copies(void)
{
    struct outbox *o = outbox_open(folder, NULL);
    size_t n = 0;
    for (int i = 0; i < OUTBOX_FOLDERS; i++) {
        json_t *list = outbox_list(o, (enum outbox_folder)i);
        for (size_t k = 0; k < json_array_size(list); k++) {
            const char *line = json_text(json_array_get(list, k), "line");
            assert_non_null(line);
            assert_string_equal(LINE, line);
            n++;
        }
        json_decref(list);
    }
    outbox_free(o);
    return n;
}

static void do_put(struct outbox *o)
{
    assert_true(outbox_put(o, KEY, LINE, NULL));
}

static void do_move(struct outbox *o)
{
    json_t *answer = json_pack("{s:s}", "message", "版本已变");
    outbox_move(o, KEY, OUTBOX_NEW, OUTBOX_CONFLICT, answer, NULL);
}

static void a_request_is_there_or_was_never_promised(void **state)
{
    (void)state;
    bool done = false;
    for (int n = 0; !done && n < STEPS_MAX; n++) {
        done = survives(n, do_put);
        assert_true(copies() == 1 || !done);
    }
    assert_true(done);
}

static void a_move_that_dies_at_any_step_loses_nothing(void **state)
{
    (void)state;
    bool done = false;
    int n = 0;
    for (; !done && n < STEPS_MAX; n++) {
        struct outbox *o = outbox_open(folder, NULL);
        assert_true(outbox_put(o, KEY, LINE, NULL));
        outbox_free(o);
        done = survives(n, do_move);
        assert_true(copies() >= 1);
        o = outbox_open(folder, NULL);
        outbox_discard(o, KEY, OUTBOX_CONFLICT, NULL);
        outbox_discard(o, KEY, OUTBOX_NEW, NULL);
        outbox_free(o);
    }
    assert_true(done && n > 5);
}

static void what_is_promised_was_synced_before(void **state)
{
    (void)state;
    struct outbox *o = outbox_open(folder, NULL);
    memset(order, 0, sizeof order);
    assert_true(outbox_put(o, KEY, LINE, NULL));
    assert_string_equal("wsrd", order);
    memset(order, 0, sizeof order);
    assert_true(outbox_move(o, KEY, OUTBOX_NEW, OUTBOX_SENT, NULL, NULL));
    assert_string_equal("wsrdud", order);
    outbox_free(o);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
        T(a_request_is_there_or_was_never_promised),
        T(a_move_that_dies_at_any_step_loses_nothing),
        T(what_is_promised_was_synced_before),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
