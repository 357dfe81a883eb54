/* SPDX-License-Identifier: Apache-2.0
 *
 * Accounts and the check that every order passes before it may match. Balances and limits arrive
 * with the ledger; until then an account is unlimited or it has nothing.
 *
 * Owner: the engine. Threads: one. Memory: a table and a hash index in the arena.
 * Errors: reject codes. Order of calls: accounts_init, then any.
 */
#ifndef DOJIMA_ENGINE_RISK_ACCOUNTS_H
#define DOJIMA_ENGINE_RISK_ACCOUNTS_H

#include "base/arena.h"
#include "base/hash.h"
#include "engine/refusal.h"
#include "wire/native/command.h"

/* Why an account is blocked: bits. */
enum account_block {
    ACCOUNT_BLOCK_PARTICIPANT = 1, /* on all accounts of a participant or on none */
    ACCOUNT_BLOCK_ACCOUNT = 2,
};

struct account {
    uint64_t account;
    uint32_t participant;
    uint32_t self_trade_group;
    uint8_t unlimited;
    uint8_t blocks; /* enum account_block */
    uint8_t zero[6];
};

struct accounts {
    struct account *table; /* in order of opening */
    uint32_t *slots;       /* place in table + 1, 0 = empty; open addressing */
    uint32_t *sorted;      /* scratch of accounts_in_order */
    uint32_t mask;
    uint32_t count;
    uint32_t max_accounts;
    uint32_t participant_blocks; /* accounts with ACCOUNT_BLOCK_PARTICIPANT */
};

void accounts_init(struct accounts *accounts, struct arena *arena, uint32_t max_accounts);

/* The account of that number, or null. */
static ALWAYS_INLINE const struct account *accounts_find(const struct accounts *accounts,
                                                         uint64_t number)
{
    for (uint32_t place = (uint32_t)hash_mix64(number) & accounts->mask;;
         place = (place + 1) & accounts->mask) {
        uint32_t entry = accounts->slots[place];
        if (entry == 0) {
            return NULL;
        }
        if (accounts->table[entry - 1].account == number) {
            return &accounts->table[entry - 1];
        }
    }
}

/* Any account of the participant, or null. O(accounts). */
const struct account *accounts_of_participant(const struct accounts *accounts,
                                              uint32_t participant);

struct refusal accounts_open(struct accounts *accounts, const struct command_open_account *command);

/* Sets or clears the kill switch of an account, or of all accounts of a participant. */
struct refusal accounts_block(struct accounts *accounts, uint64_t account, bool blocked);
struct refusal accounts_block_participant(struct accounts *accounts, uint64_t participant,
                                          bool blocked);

/* Whether a kill switch stops the account. */
static ALWAYS_INLINE struct refusal account_check_blocks(const struct account *account)
{
    if (LIKELY(account->blocks == 0)) {
        return refusal_none();
    }
    bool participant = (account->blocks & ACCOUNT_BLOCK_PARTICIPANT) != 0;
    return refuse(REJECT_BLOCKED, 0, participant ? BLOCK_TARGET_PARTICIPANT : BLOCK_TARGET_ACCOUNT);
}

/* Places in `table`, by account number: the canonical order. Valid until the next call. */
const uint32_t *accounts_in_order(const struct accounts *accounts);

/* Whether the account may have an order of this notional, in 10^-(scales) of the quote asset. */
static ALWAYS_INLINE struct refusal risk_check_order(const struct account *account,
                                                     int64_t notional)
{
    if (LIKELY(account->unlimited != 0)) {
        return refusal_none();
    }
    return refuse(REJECT_BALANCE_TOO_SMALL, 0, notional);
}

#endif
