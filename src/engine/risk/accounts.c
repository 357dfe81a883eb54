/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/risk/accounts.h"

void accounts_init(struct accounts *accounts, struct arena *arena, uint32_t max_accounts)
{
    uint64_t slots = 16;
    while (slots < (uint64_t)max_accounts * 2) {
        slots *= 2;
    }
    accounts->table = arena_take(arena, max_accounts, sizeof *accounts->table);
    accounts->slots = arena_take(arena, slots, sizeof *accounts->slots);
    accounts->sorted = arena_take(arena, max_accounts, sizeof *accounts->sorted);
    accounts->mask = (uint32_t)(slots - 1);
    accounts->count = 0;
    accounts->max_accounts = max_accounts;
}

struct refusal accounts_open(struct accounts *accounts, const struct command_open_account *command)
{
    if (command->account == 0) {
        return refuse(REJECT_INVALID_FIELD, 0, 1);
    }
    if (command->participant == 0) {
        return refuse(REJECT_INVALID_FIELD, 0, 2);
    }
    if (accounts_find(accounts, command->account) != NULL) {
        return refuse(REJECT_ALREADY_EXISTS, 0, (int64_t)command->account);
    }
    if (accounts->count == accounts->max_accounts) {
        return refuse(REJECT_TABLE_FULL, accounts->max_accounts, (int64_t)command->account);
    }
    accounts->table[accounts->count++] = (struct account){
        .account = command->account,
        .participant = command->participant,
        .self_trade_group = command->self_trade_group,
        .unlimited = command->unlimited,
    };
    uint32_t place = (uint32_t)hash_mix64(command->account) & accounts->mask;
    while (accounts->slots[place] != 0) {
        place = (place + 1) & accounts->mask;
    }
    accounts->slots[place] = accounts->count;
    return refusal_none();
}

static void sift_down(const struct account *table, uint32_t *heap, uint32_t place, uint32_t count)
{
    uint32_t moving = heap[place];
    for (uint32_t child = place * 2 + 1; child < count; child = place * 2 + 1) {
        if (child + 1 < count && table[heap[child + 1]].account > table[heap[child]].account) {
            child++;
        }
        if (table[heap[child]].account <= table[moving].account) {
            break;
        }
        heap[place] = heap[child];
        place = child;
    }
    heap[place] = moving;
}

/* Heap sort: in place, because libc's qsort may allocate. */
const uint32_t *accounts_in_order(const struct accounts *accounts)
{
    uint32_t *heap = accounts->sorted;
    uint32_t count = accounts->count;
    for (uint32_t i = 0; i < count; i++) {
        heap[i] = i;
    }
    for (uint32_t i = count / 2; i > 0; i--) {
        sift_down(accounts->table, heap, i - 1, count);
    }
    for (uint32_t i = count; i > 1; i--) {
        uint32_t largest = heap[0];
        heap[0] = heap[i - 1];
        heap[i - 1] = largest;
        sift_down(accounts->table, heap, 0, i - 1);
    }
    return heap;
}
