/* The flows that are shipped: sound, and every scenario beside them passes on the real engine. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "author/author.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct world *world;

static char *path_of(const char *name)
{
    const char *root = getenv("FENGQIAO_SOURCE");
    return mem_printf("%s/workflows/%s", root != NULL ? root : ".", name);
}

static int load_world(void **state)
{
    (void)state;
    struct err err = {0};
    char *folder = path_of("");
    world = world_load(folder, NULL, &err);
    mem_free(folder);
    if (world == NULL) {
        fprintf(stderr, "%s\n", err.message);
    }
    return world != NULL ? 0 : -1;
}

static int free_world(void **state)
{
    (void)state;
    world_free(world);
    return 0;
}

/* Needs somebody assigned, which no scenario can do: e2e/test_sealed.py walks there. */
static bool walked_elsewhere(const char *name)
{
    return strcmp(name, "take_sealed") == 0 || strcmp(name, "sealed_over") == 0;
}

static void assert_visited(const json_t *left, const char *member, const char *text)
{
    const json_t *names = json_object_get(left, member);
    for (size_t i = 0; i < json_array_size(names); i++) {
        if (!walked_elsewhere(json_string_value(json_array_get(names, i)))) {
            fail_msg("\n%s", text);
        }
    }
}

static void assert_sound_and_passing(const char *name)
{
    struct err err = {0};
    char *path = path_of(name);
    json_t *report = author_check(path, world_terms(world), &err);
    assert_non_null(report);
    char *text = author_check_text(report);
    if (json_number(report, "errors", 1) != 0 || json_number(report, "warnings", 1) != 0) {
        fail_msg("%s", text);
    }
    mem_free(text);
    json_decref(report);
    report = author_test(path, world, &err);
    if (report == NULL) {
        fail_msg("%s", err.message);
    }
    text = author_test_text(report);
    if (strcmp(json_text(report, "result"), "OK") != 0) {
        fail_msg("\n%s", text);
    }
    assert_visited(json_object_get(report, "unvisited"), "actions", text);
    assert_visited(json_object_get(report, "unvisited"), "states", text);
    mem_free(text);
    json_decref(report);
    mem_free(path);
}

#define SHIPPED(flow)                                                                              \
    static void flow##_is_sound_and_its_scenarios_pass(void **state)                               \
    {                                                                                              \
        (void)state;                                                                               \
        assert_sound_and_passing(#flow ".lua");                                                    \
    }

SHIPPED(petition)
SHIPPED(people_mediation)
SHIPPED(administrative_mediation)
SHIPPED(judicial_mediation)
SHIPPED(judicial_confirmation)
SHIPPED(arbitration)

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(petition_is_sound_and_its_scenarios_pass),
        cmocka_unit_test(people_mediation_is_sound_and_its_scenarios_pass),
        cmocka_unit_test(administrative_mediation_is_sound_and_its_scenarios_pass),
        cmocka_unit_test(judicial_mediation_is_sound_and_its_scenarios_pass),
        cmocka_unit_test(judicial_confirmation_is_sound_and_its_scenarios_pass),
        cmocka_unit_test(arbitration_is_sound_and_its_scenarios_pass),
    };
    return cmocka_run_group_tests(tests, load_world, free_world);
}
