/* Every method the daemon has: its row says everything, in both languages, and no two share a name.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "rpc/method.h"
#include "rpc/service.h"

#include <string.h>

static void every_row_is_complete_and_every_name_is_used_once(void **state)
{
    (void)state;
    struct err err = {0};
    struct methods *m = methods_open();
    lang_use(LANG_EN);
    for (size_t i = 0; i < METHOD_TABLES; i++) {
        if (!methods_add(m, method_tables[i]->rows, method_tables[i]->count, NULL, &err)) {
            fail_msg("%s", err.message);
        }
    }
    assert_true(methods_count(m) > 40);
    methods_free(m);
}

static void expect_chinese(const struct method *row, const char *what, const char *msgid)
{
    if (msgid == NULL || msgid[0] == '\0') {
        return;
    }
    if (strcmp(lang_text(msgid), msgid) == 0) {
        fail_msg("%s: %s has no Chinese: %s", row->name, what, msgid);
    }
}

static void every_text_of_a_row_has_its_chinese(void **state)
{
    (void)state;
    lang_use(LANG_ZH);
    for (size_t i = 0; i < METHOD_TABLES; i++) {
        for (size_t k = 0; k < method_tables[i]->count; k++) {
            const struct method *row = &method_tables[i]->rows[k];
            expect_chinese(row, "summary", row->summary);
            for (const struct param *p = row->params; p->name != NULL; p++) {
                expect_chinese(row, p->name, p->doc);
            }
            for (const struct param *p = row->result; p->name != NULL; p++) {
                expect_chinese(row, p->name, p->doc);
            }
        }
    }
}

static void mutating_methods_say_how_they_conflict(void **state)
{
    (void)state;
    for (size_t i = 0; i < METHOD_TABLES; i++) {
        for (size_t k = 0; k < method_tables[i]->count; k++) {
            const struct method *row = &method_tables[i]->rows[k];
            if ((row->flags & METHOD_MUTATING) != 0 && row->errors[0] == ERR_NONE) {
                fail_msg("%s changes something and names no error of its own", row->name);
            }
        }
    }
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_complete_and_every_name_is_used_once),
        cmocka_unit_test(every_text_of_a_row_has_its_chinese),
        cmocka_unit_test(mutating_methods_say_how_they_conflict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
