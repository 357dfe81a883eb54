/* SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "tests/engine/twin_steps.h"

#include <stdlib.h>
#include <string.h>

static void *take(size_t count, size_t bytes)
{
    void *memory = calloc(count, bytes);
    ASSERT(memory != NULL);
    return memory;
}

void twin_init(struct twin *twin, const struct command_genesis *limits)
{
    *twin = (struct twin){.limits = *limits, .walk = twin_walk_begin()};
    twin->assets = take((size_t)limits->max_assets + 1, sizeof *twin->assets);
    twin->instruments = take((size_t)limits->max_instruments + 1, sizeof *twin->instruments);
    twin->sessions = take((size_t)limits->max_sessions + 1, sizeof *twin->sessions);
    twin->accounts = take(limits->max_accounts, sizeof *twin->accounts);
    twin->groups = take((size_t)limits->max_accounts + 1, sizeof *twin->groups);
    twin->mass_cancels = take((size_t)limits->max_sessions + 1, sizeof *twin->mass_cancels);
    twin->names = take((size_t)limits->max_recent_names + 1, sizeof *twin->names);
    twin->events = take(limits->max_events_per_command, sizeof *twin->events);
}

static void free_orders(struct twin_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->at[i]);
    }
    free(list->at);
}

void twin_deinit(struct twin *twin)
{
    for (uint32_t i = 1; twin->instruments != NULL && i <= twin->limits.max_instruments; i++) {
        free_orders(&twin->instruments[i].buys);
        free_orders(&twin->instruments[i].sells);
    }
    for (size_t i = 0; i < twin->account_count; i++) {
        free(twin->accounts[i].orders.at);
    }
    free(twin->timers.at);
    free(twin->assets);
    free(twin->instruments);
    free(twin->sessions);
    free(twin->mass_cancels);
    free(twin->names);
    free(twin->accounts);
    free(twin->groups);
    free(twin->events);
    *twin = (struct twin){0};
}

struct event *twin_emit(struct twin *twin, enum event_id id, uint8_t version)
{
    ASSERT(twin->event_count < twin->limits.max_events_per_command);
    struct event *event = &twin->events[twin->event_count];
    twin->event_count++;
    twin->event_sequence++;
    memset(event, 0, sizeof *event);
    event->header.sequence = twin->event_sequence;
    event->header.time_ns = twin->time_ns;
    event->header.cause = twin->command->header.sequence;
    event->header.id = (uint8_t)id;
    event->header.version = version;
    return event;
}

bool twin_makes_fault(struct twin *twin, enum twin_fault fault)
{
    if (twin->fault != fault) {
        return false;
    }
    twin->fault = TWIN_FAULT_NONE;
    return true;
}

void twin_list_insert(struct twin_list *list, size_t index, struct twin_order *order)
{
    ASSERT(index <= list->count);
    if (list->count == list->capacity) {
        list->capacity = list->capacity == 0 ? 16 : list->capacity * 2;
        list->at = realloc(list->at, list->capacity * sizeof(struct twin_order *));
        ASSERT(list->at != NULL);
    }
    memmove(&list->at[index + 1], &list->at[index],
            (list->count - index) * sizeof(struct twin_order *));
    list->at[index] = order;
    list->count++;
}

void twin_list_remove(struct twin_list *list, const struct twin_order *order)
{
    size_t index = 0;
    while (index < list->count && list->at[index] != order) {
        index++;
    }
    ASSERT(index < list->count);
    memmove(&list->at[index], &list->at[index + 1],
            (list->count - index - 1) * sizeof(struct twin_order *));
    list->count--;
}

void twin_unlink(struct twin *twin, struct twin_order *order)
{
    twin_list_remove(twin_side(twin_find_instrument(twin, order->instrument), order->side), order);
    twin_list_remove(&twin_find_account(twin, order->account)->orders, order);
    twin_name_ends(twin, order->account, &order->name);
    if (order->time_in_force == TIME_IN_FORCE_GTD) {
        twin_list_remove(&twin->timers, order);
    }
}

void twin_remove(struct twin *twin, struct twin_order *order, enum reason reason)
{
    struct event_removed *out = &TWIN_EMIT(twin, REMOVED)->removed;
    out->order_id = order->order_id;
    out->reference = order->reference;
    out->quantity.lots = order->remaining;
    out->instrument = order->instrument;
    out->side = order->side;
    out->reason = reason;
    twin_unlink(twin, order);
    free(order);
}

struct twin_instrument *twin_find_instrument(const struct twin *twin, uint32_t instrument)
{
    if (instrument > twin->limits.max_instruments || !twin->instruments[instrument].listed) {
        return NULL;
    }
    return &twin->instruments[instrument];
}

struct twin_account *twin_find_account(const struct twin *twin, uint64_t account)
{
    for (size_t i = 0; i < twin->account_count; i++) {
        if (twin->accounts[i].terms.account == account) {
            return &twin->accounts[i];
        }
    }
    return NULL;
}

struct twin_session *twin_find_session(const struct twin *twin, uint32_t session)
{
    return session <= twin->limits.max_sessions ? &twin->sessions[session] : NULL;
}

struct twin_order *twin_find_order(const struct twin_account *account, const struct text36 *name)
{
    for (size_t i = 0; i < account->orders.count; i++) {
        const struct text36 *other = &account->orders.at[i]->name;
        if (other->count == name->count && memcmp(other->bytes, name->bytes, name->count) == 0) {
            return account->orders.at[i];
        }
    }
    return NULL;
}

struct twin_list *twin_side(struct twin_instrument *instrument, enum side side)
{
    return side == SIDE_BUY ? &instrument->buys : &instrument->sells;
}

size_t twin_count_orders(const struct twin *twin)
{
    size_t count = 0;
    for (uint32_t i = 1; i <= twin->limits.max_instruments; i++) {
        count += twin->instruments[i].buys.count + twin->instruments[i].sells.count;
    }
    return count;
}

size_t twin_count_side_levels(const struct twin_list *side)
{
    size_t count = 0;
    for (size_t i = 0; i < side->count; i++) {
        count += i == 0 || side->at[i]->price != side->at[i - 1]->price;
    }
    return count;
}

size_t twin_count_levels(const struct twin *twin)
{
    size_t count = 0;
    for (uint32_t i = 1; i <= twin->limits.max_instruments; i++) {
        count += twin_count_side_levels(&twin->instruments[i].buys);
        count += twin_count_side_levels(&twin->instruments[i].sells);
    }
    return count;
}
