/* values.c — the case as templates see it: one flat object of texts, and lists of objects. */
#include "documents.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- dates ---------------------------------------------------------------------------------------
 */

char *chinese_date(const char *text)
{
    int y, m, d, used = 0;
    char out[64];
    bool date = sscanf(text, "%4d-%2d-%2d%n", &y, &m, &d, &used) == 3 && used == 10 &&
                (text[10] == '\0' || text[10] == 'T');
    if (!date) {
        return strdup(text);
    }
    snprintf(out, sizeof out, "%d年%d月%d日", y, m, d);
    return strdup(out);
}

void chinese_day_of(int64_t ms, char out[40])
{
    time_t local = (time_t)(ms / 1000) + 8 * 3600; /* Asia/Shanghai has no summer time */
    struct tm tm;
    gmtime_r(&local, &tm);
    snprintf(out, 40, "%d年%d月%d日", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

/* --- texts ---------------------------------------------------------------------------------------
 */

static void put(json_t *o, const char *key, const char *text)
{
    if (text == NULL || *text == '\0') {
        return;
    }
    char *clean = clean_text(text), *shown = chinese_date(clean);
    if (*shown != '\0') {
        json_object_set_new(o, key, json_string(shown));
    }
    free(shown);
    free(clean);
}

static void put_value(json_t *o, const char *key, const json_t *value)
{
    char number[32];
    if (json_is_string(value)) {
        put(o, key, json_string_value(value));
    } else if (json_is_integer(value)) {
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        put(o, key, number);
    } else if (json_is_boolean(value)) {
        put(o, key, json_is_true(value) ? "是" : "否");
    }
}

static void put_named(json_t *o, const char *key, const json_t *page, const char *member)
{
    put(o, key, member_text(json_object_get(page, member), "name"));
}

/* --- parties -------------------------------------------------------------------------------------
 */

static bool role_has(const char *role, const char *const words[])
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strstr(role, words[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* The side a party stands on. Without a role the first is taken for who asked. */
static const char *side_of(const json_t *party, size_t i)
{
    static const char *const against[] = {"被", "对方", "乙方", NULL};
    static const char *const asking[] = {"申请", "甲方", "信访", NULL};
    const char *role = member_text(party, "role");
    if (role_has(role, against)) {
        return "respondents";
    }
    if (role_has(role, asking)) {
        return "applicants";
    }
    return *role != '\0' ? "others" : i == 0 ? "applicants" : "respondents";
}

static json_t *party_of(const json_t *given)
{
    json_t *party = json_object(), *value;
    const char *key;
    json_object_foreach((json_t *)(uintptr_t)given, key, value)
    {
        put_value(party, key, value);
    }
    return party;
}

static void join_names(json_t *values, const char *list, const char *key)
{
    char *text = NULL;
    size_t size = 0, i;
    FILE *out = open_memstream(&text, &size);
    json_t *party;
    json_array_foreach(json_object_get(values, list), i, party)
    {
        fprintf(out, "%s%s", i > 0 ? "、" : "", member_text(party, "name"));
    }
    fclose(out);
    put(values, key, text);
    free(text);
}

void values_put_parties(json_t *values, const json_t *parties)
{
    static const char *const lists[][2] = {{"applicants", "applicant"},
        {"respondents", "respondent"}, {"others", "other"}, {"parties", "party"}};
    for (size_t i = 0; i < 4; i++) {
        json_object_set_new(values, lists[i][0], json_array());
    }
    size_t i;
    json_t *given;
    json_array_foreach((json_t *)(uintptr_t)parties, i, given)
    {
        const char *side = side_of(given, i);
        json_t *party = party_of(given);
        bool asks = strcmp(side, "applicants") == 0, answers = strcmp(side, "respondents") == 0;
        if (*member_text(party, "role") == '\0') {
            put(party, "role", asks ? "申请人" : answers ? "被申请人" : "当事人");
        }
        json_array_append(json_object_get(values, side), party);
        json_array_append_new(json_object_get(values, "parties"), party);
    }
    for (i = 0; i < 4; i++) {
        join_names(values, lists[i][0], lists[i][1]);
    }
}

/* --- history -------------------------------------------------------------------------------------
 */

static void put_dotted(json_t *values, const char *action, const char *member, const char *text)
{
    char key[160];
    snprintf(key, sizeof key, "%s.%s", action, member);
    put(values, key, text);
}

/* The last time of each action counts: "fail.date", "fail.reason", "fail.by". */
static void put_act(json_t *values, const json_t *row)
{
    const json_t *data = json_object_get(row, "data");
    const char *action = member_text(data, "action");
    bool opened = strcmp(member_text(row, "type"), "opened") == 0;
    if (opened) {
        action = "open";
    }
    if (*action != '\0') {
        const char *occurred = member_text(row, "occurred");
        put_dotted(values, action, "date", *occurred != '\0' ? occurred : member_text(row, "at"));
        put_dotted(values, action, "reason", member_text(row, "reason"));
        put_dotted(values, action, "note", member_text(row, "note"));
        put_dotted(values, action, "by", member_text(row, "actor_name"));
    }
}

/* Steps and notes of people, for the record of the process. */
static void put_event(json_t *events, const json_t *row)
{
    const char *type = member_text(row, "type");
    if (strcmp(type, "advanced") != 0 && strcmp(type, "opened") != 0 &&
        strcmp(type, "noted") != 0) {
        return;
    }
    json_t *event = json_object();
    char number[24];
    snprintf(number, sizeof number, "%zu", json_array_size(events) + 1);
    put(event, "n", number);
    put(event, "date", member_text(row, "at"));
    put(event, "title", member_text(row, "title"));
    put(event, "who", member_text(row, "actor_name"));
    const char *reason = member_text(row, "reason"), *note = member_text(row, "note");
    char *text = NULL;
    if (asprintf(&text, "%s%s%s", reason, *reason != '\0' && *note != '\0' ? "；" : "", note) < 0) {
        abort();
    }
    put(event, "text", text);
    free(text);
    json_array_append_new(events, event);
}

/* --- lists of the page ---------------------------------------------------------------------------
 */

static void put_list(json_t *values, const char *key, const json_t *items)
{
    json_t *list = json_array(), *given;
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)items, i, given)
    {
        json_t *item = party_of(given);
        char number[24];
        snprintf(number, sizeof number, "%zu", i + 1);
        put(item, "n", number);
        json_array_append_new(list, item);
    }
    json_object_set_new(values, key, list);
}

static void put_clocks(json_t *values, const json_t *clocks)
{
    size_t i;
    json_t *clock;
    json_array_foreach((json_t *)(uintptr_t)clocks, i, clock)
    {
        char key[160];
        snprintf(key, sizeof key, "clock.%s", member_text(clock, "name"));
        put(values, key, member_text(clock, "legal"));
    }
}

/* {id: name} of the bodies the case touches. */
static json_t *body_names(const json_t *page)
{
    static const char *const members[] = {"host", "origin", "supervisor"};
    json_t *names = json_object(), *body;
    size_t i;
    for (i = 0; i < 3; i++) {
        body = json_object_get(page, members[i]);
        put(names, member_text(body, "id"), member_text(body, "name"));
    }
    json_array_foreach(json_object_get(page, "participants"), i, body)
    {
        put(names, member_text(body, "id"), member_text(body, "name"));
    }
    return names;
}

/* "document.mediation_agreement": the number of the last paper of that template. */
static void put_numbers(json_t *values, const json_t *documents)
{
    size_t i;
    json_t *item;
    json_array_foreach((json_t *)(uintptr_t)documents, i, item)
    {
        put_dotted(values, "document", member_text(item, "template"), member_text(item, "number"));
    }
}

/* The body that handed the case over, and the one it was last handed to. */
static void put_linked(json_t *values, const json_t *links)
{
    size_t i;
    json_t *link;
    json_array_foreach((json_t *)(uintptr_t)links, i, link)
    {
        if (strcmp(member_text(link, "kind"), "from") == 0) {
            put(values, "from_body", member_text(link, "body_name"));
        } else if (strcmp(member_text(link, "kind"), "to") == 0) {
            put(values, "handed_to", member_text(link, "body_name"));
        }
    }
}

json_t *values_of(const json_t *page, const json_t *history)
{
    static const char *const plain[] = {"number", "flow", "flow_title", "state", "state_title",
        "profile", "category", "source", "outcome", "received_at", "opened_at", "closed_at", NULL};
    json_t *values = json_object(), *events = json_array(), *row;
    size_t i;
    for (i = 0; plain[i] != NULL; i++) {
        put(values, plain[i], member_text(page, plain[i]));
    }
    put_named(values, "host", page, "host");
    put_named(values, "origin", page, "origin");
    put_named(values, "place", page, "place");
    put_named(values, "mediator", page, "assignee");
    put_named(values, "supervisor", page, "supervisor");
    json_object_set_new(values, "body_names", body_names(page));
    const json_t *former = json_object_get(page, "participants");
    put(values, "former", member_text(json_array_get(former, json_array_size(former) - 1), "name"));
    put_linked(values, json_object_get(page, "links"));
    put_numbers(values, json_object_get(page, "documents"));
    json_array_foreach(json_object_get(page, "fields"), i, row)
    {
        json_t *words = json_object_get(row, "words"); /* of bodies and places */
        put_value(values, member_text(row, "name"),
            words != NULL ? words : json_object_get(row, "value"));
    }
    json_array_foreach((json_t *)(uintptr_t)history, i, row)
    {
        put_act(values, row);
        put_event(events, row);
    }
    json_object_set_new(values, "events", events);
    put_list(values, "files", json_object_get(page, "files"));
    put_list(values, "documents", json_object_get(page, "documents"));
    put_clocks(values, json_object_get(page, "clocks"));
    values_put_parties(values, json_object_get(page, "parties"));
    return values;
}
