/* Prints every day of the shipped calendars as "2020-01-31 0" (rest) or "… 1" (work), for the
 * comparison with calendars that are not ours. Arguments: the calendar files, older first. */
#include "domain/calendar.h"
#include "script/script.h"

#include <stdio.h>

static bool add_file(struct calendar *c, const char *path)
{
    struct err err = {0};
    json_t *doc = datafile_load(path, &err);
    bool added = doc != NULL && calendar_add(c, doc, &err);
    if (!added) {
        fprintf(stderr, "%s: %s\n", path, err.message);
    }
    json_decref(doc);
    err_clear(&err);
    return added;
}

int main(int argc, char **argv)
{
    struct calendar *c = calendar_new();
    bool sound = argc > 1;
    for (int i = 1; i < argc && sound; i++) {
        sound = add_file(c, argv[i]);
    }
    struct date d, last;
    date_parse("2018-12-29", &d);
    date_parse("2026-12-31", &last);
    for (; sound && date_compare(d, last) <= 0; d = date_add_days(d, 1)) {
        char text[DATE_TEXT];
        printf("%s %d\n", date_format(d, text), calendar_is_workday(c, d));
    }
    calendar_free(c);
    return sound ? 0 : 1;
}
