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
    accounts->participant_blocks = 0;
}

const struct account *accounts_of_participant(const struct accounts *accounts, uint32_t participant)
{
    for (uint32_t i = 0; i < accounts->count; i++) {
        if (accounts->table[i].participant == participant) {
            return &accounts->table[i];
        }
    }
    return NULL;
}

/* A new account is blocked if its participant is. */
static uint8_t blocks_at_birth(const struct accounts *accounts, uint32_t participant)
{
    if (accounts->participant_blocks == 0) {
        return 0;
    }
    const struct account *other = accounts_of_participant(accounts, participant);
    return other == NULL ? 0 : other->blocks & ACCOUNT_BLOCK_PARTICIPANT;
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
    uint8_t blocks = blocks_at_birth(accounts, command->participant);
    accounts->participant_blocks += blocks != 0;
    accounts->table[accounts->count++] = (struct account){
        .account = command->account,
        .participant = command->participant,
        .self_trade_group = command->self_trade_group,
        .unlimited = command->unlimited,
        .blocks = blocks,
    };
    uint32_t place = (uint32_t)hash_mix64(command->account) & accounts->mask;
    while (accounts->slots[place] != 0) {
        place = (place + 1) & accounts->mask;
    }
    accounts->slots[place] = accounts->count;
    return refusal_none();
}

struct refusal accounts_block(struct accounts *accounts, uint64_t account, bool blocked)
{
    const struct account *found = accounts_find(accounts, account);
    if (found == NULL) {
        return refuse(REJECT_UNKNOWN_ACCOUNT, 0, (int64_t)account);
    }
    struct account *at = &accounts->table[found - accounts->table];
    at->blocks =
        (uint8_t)((at->blocks & ACCOUNT_BLOCK_PARTICIPANT) | (blocked ? ACCOUNT_BLOCK_ACCOUNT : 0));
    return refusal_none();
}

struct refusal accounts_block_participant(struct accounts *accounts, uint64_t participant,
                                          bool blocked)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < accounts->count; i++) {
        struct account *at = &accounts->table[i];
        if (at->participant != participant) {
            continue;
        }
        found++;
        accounts->participant_blocks -= (at->blocks & ACCOUNT_BLOCK_PARTICIPANT) != 0;
        accounts->participant_blocks += blocked;
        at->blocks = (uint8_t)((at->blocks & ACCOUNT_BLOCK_ACCOUNT) |
                               (blocked ? ACCOUNT_BLOCK_PARTICIPANT : 0));
    }
    return found == 0 ? refuse(REJECT_UNKNOWN_PARTICIPANT, 0, (int64_t)participant)
                      : refusal_none();
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
