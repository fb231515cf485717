/* client/outbox_order.c — see outbox_order.h. What was tried in vain stands in tries.json beside
 * the folders; losing that file costs a try too early, nothing else. */
#include "client/outbox_order.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/home.h"
#include "client/number.h"

#include <stdlib.h>
#include <string.h>

struct outbox_order {
    struct outbox *outbox; /* borrowed */
    json_t *conflicts;     /* owned: entries of this sender */
    json_t *held;          /* owned: case numbers with one that waits */
    json_t *refused;       /* owned: case numbers refused in this round */
    json_t *tries;         /* owned: key → {"tries","next_ms"} */
    json_t *kept;          /* owned: those of them that still wait */
    int64_t now_ms;
    bool by_hand;
};

const char *outbox_case(const json_t *entry)
{
    return json_text(json_member(json_member(entry, "request"), "params"), "case");
}

bool outbox_is_of(const json_t *entry, const char *sender)
{
    const json_t *params = json_member(json_member(entry, "request"), "params");
    return text_equal(json_text(json_member(params, "_meta"), "sender"), sender);
}

static json_t *entries_of(const struct outbox *o, enum outbox_folder folder, const char *sender)
{
    json_t *all = outbox_list(o, folder);
    for (size_t i = json_array_size(all); i > 0; i--) {
        if (!outbox_is_of(json_array_get(all, i - 1), sender)) {
            json_array_remove(all, i - 1);
        }
    }
    return all;
}

static char *tries_path(const struct outbox *o)
{
    return mem_printf("%s/tries.json", outbox_path(o));
}

struct outbox_order *outbox_order_open(
    struct outbox *o, const char *sender, int64_t now_ms, bool by_hand)
{
    struct outbox_order *order = mem_alloc(sizeof *order);
    char *path = tries_path(o);
    order->outbox = o;
    order->conflicts = entries_of(o, OUTBOX_CONFLICT, sender);
    order->held = json_array();
    order->refused = json_array();
    order->tries = home_load(path);
    order->kept = json_object();
    order->now_ms = now_ms;
    order->by_hand = by_hand;
    mem_free(path);
    return order;
}

void outbox_order_free(struct outbox_order *order)
{
    if (order == NULL) {
        return;
    }
    if (!json_equal(order->tries, order->kept)) {
        char *path = tries_path(order->outbox);
        char *text = json_compact(order->kept);
        home_write(path, text, strlen(text), NULL);
        free(text);
        mem_free(path);
    }
    json_decref(order->conflicts);
    json_decref(order->held);
    json_decref(order->refused);
    json_decref(order->tries);
    json_decref(order->kept);
    mem_free(order);
}

static bool any_of_case(const json_t *numbers, const char *number)
{
    for (size_t i = 0; number != NULL && i < json_array_size(numbers); i++) {
        if (number_may_equal(json_string_value(json_array_get(numbers, i)), number)) {
            return true;
        }
    }
    return false;
}

/* Keys are made in the order of time, so the smaller one was there first. */
static bool conflict_before(const json_t *conflicts, const char *number, const char *key)
{
    for (size_t i = 0; number != NULL && i < json_array_size(conflicts); i++) {
        const json_t *one = json_array_get(conflicts, i);
        const char *other = outbox_case(one);
        if (other != NULL && number_may_equal(other, number) &&
            (key == NULL || strcmp(json_text(one, "key"), key) < 0)) {
            return true;
        }
    }
    return false;
}

static void hold(struct outbox_order *order, const json_t *entry)
{
    const char *number = outbox_case(entry);
    if (number != NULL) {
        json_array_append_new(order->held, json_string(number));
    }
}

enum outbox_turn outbox_order_ask(struct outbox_order *order, const json_t *entry)
{
    const char *number = outbox_case(entry);
    const char *key = json_text(entry, "key");
    const json_t *tried = json_member(order->tries, key);
    bool early = tried != NULL && json_number(tried, "next_ms", 0) > order->now_ms;
    enum outbox_turn turn =
        conflict_before(order->conflicts, number, key) || any_of_case(order->refused, number)
            ? TURN_CONFLICT
        : any_of_case(order->held, number) ? TURN_BEHIND
        : early && !order->by_hand         ? TURN_LATER
                                           : TURN_GO;
    if (turn != TURN_GO) {
        hold(order, entry);
        if (tried != NULL) {
            json_object_set(order->kept, key, (json_t *)tried);
        }
    }
    return turn;
}

void outbox_order_stays(struct outbox_order *order, const json_t *entry, int64_t after_ms)
{
    const char *key = json_text(entry, "key");
    int64_t tries = json_number(json_member(order->tries, key), "tries", 0) + 1;
    int64_t wait_ms = tries < 9 ? INT64_C(1000) << tries : OUTBOX_WAIT_MS_MAX;
    wait_ms = wait_ms < OUTBOX_WAIT_MS_MAX ? wait_ms : OUTBOX_WAIT_MS_MAX;
    wait_ms = wait_ms > after_ms ? wait_ms : after_ms;
    json_object_set_new(order->kept, key,
        json_pack("{s:I, s:I}", "tries", (json_int_t)tries, "next_ms",
            (json_int_t)(order->now_ms + wait_ms)));
    hold(order, entry);
}

void outbox_order_refused(struct outbox_order *order, const json_t *entry)
{
    const char *number = outbox_case(entry);
    if (number != NULL) {
        json_array_append_new(order->refused, json_string(number));
    }
}

enum outbox_turn outbox_order_of_case(struct outbox *o, const char *sender, const char *number)
{
    if (number == NULL) {
        return TURN_GO;
    }
    json_t *waiting = entries_of(o, OUTBOX_NEW, sender);
    json_t *conflicts = entries_of(o, OUTBOX_CONFLICT, sender);
    enum outbox_turn turn = TURN_GO;
    for (size_t i = 0; turn == TURN_GO && i < json_array_size(waiting); i++) {
        const json_t *entry = json_array_get(waiting, i);
        const char *other = outbox_case(entry);
        if (other != NULL && number_may_equal(other, number)) {
            turn = conflict_before(conflicts, number, json_text(entry, "key")) ? TURN_CONFLICT
                                                                               : TURN_BEHIND;
        }
    }
    json_decref(waiting);
    json_decref(conflicts);
    return turn;
}
