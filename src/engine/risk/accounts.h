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

struct account {
    uint64_t account;
    uint32_t participant;
    uint32_t self_trade_group;
    uint8_t unlimited;
    uint8_t zero[7];
};

struct accounts {
    struct account *table; /* in order of opening */
    uint32_t *slots;       /* place in table + 1, 0 = empty; open addressing */
    uint32_t *sorted;      /* scratch of accounts_in_order */
    uint32_t mask;
    uint32_t count;
    uint32_t max_accounts;
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

struct refusal accounts_open(struct accounts *accounts, const struct command_open_account *command);

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
