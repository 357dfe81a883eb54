/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/workload_parts.h"
#include "wire/native/text36.h"

#define ASSETS_AT_START   4
#define ACCOUNTS_AT_START 12
#define SESSIONS_AT_START 5
#define PARTICIPANTS      3

/* One row an instrument, named after what is odd about it; the largest quantity becomes the largest
 * that is legal where it stands as INT64_MAX. */
static const struct command_list_instrument listed[WORKLOAD_INSTRUMENTS] = {
    {1, 1, 2, 2, 0, 0, 0, {1}, {1}, {1000000}, {1}, {1000000}, 1, {"BUSY"}},
    {2, 1, 2, 2, 0, 0, 1, {5}, {5}, {1000000}, {10}, {100000}, 1, {"LOTS"}},
    {3, 1, 2, 2, 0, 1, 0, {1}, {-2000}, {2000}, {1}, {100000}, 1000, {"BELOWZERO"}},
    {4, 1, 2, 2, 0, 0, 0, {25}, {25}, {5000000}, {100}, {1000000}, 1, {"COARSE"}},
    {5, 3, 4, 2, 8, 0, 0, {1}, {1}, {100000000}, {1000}, {1000000000000}, 1, {"COIN"}},
    {6, 1, 4, 0, 0, 0, 0, {1}, {1}, {INT64_MAX}, {1}, {INT64_MAX >> 24}, 1, {"WIDE"}},
    {7, 1, 2, 0, 0, 0, 0, {1}, {1}, {50000}, {1}, {5000}, 100, {"CONTRACT"}},
    {8, 1, 2, 2, 0, 0, 0, {1}, {996}, {1004}, {1}, {10000}, 1, {"NARROW"}},
    {9, 1, 2, 2, 0, 0, 0, {7}, {100}, {2003}, {3}, {3000}, 1, {"ODDTICK"}},
    {10, 3, 2, 2, 0, 1, 0, {10}, {-9000000}, {9000000}, {1}, {1000000}, 1, {"SPREAD"}},
    {11,
     1,
     2,
     0,
     0,
     1,
     0,
     {INT64_MAX},
     {-INT64_MAX},
     {INT64_MAX},
     {1},
     {INT64_MAX},
     1,
     {"EXTREME"}},
};

static struct command_list_instrument row(const struct workload *workload, uint64_t index)
{
    struct command_list_instrument terms = listed[index];
    if (terms.largest_quantity.lots == INT64_MAX) {
        terms.largest_quantity.lots = INT64_MAX / workload->profile->limits.max_orders;
    }
    return terms;
}

static void asset(struct command *out, uint32_t number)
{
    static const uint8_t scales[ASSETS_AT_START] = {0, 2, 8, 18};
    out->header.id = COMMAND_LIST_ASSET;
    out->list_asset.asset = number;
    out->list_asset.scale = number <= ASSETS_AT_START ? scales[number - 1] : 2;
    out->list_asset.code = chars16_from("ASSET");
}

/* Account 12 has a number above 2^63; the last two have no balance and can only be refused. */
static void account(struct command *out, uint64_t number)
{
    out->header.id = COMMAND_OPEN_ACCOUNT;
    out->open_account.account = number == 12 ? UINT64_C(0xf000000000000005) : number;
    out->open_account.participant = (uint32_t)(1 + number % PARTICIPANTS);
    out->open_account.self_trade_group = (uint32_t)(number % 4);
    out->open_account.unlimited = number <= 9 || number == 12;
}

/* Session 2 is the one that asks for rates at the opening. */
static void logon(struct command *out, uint32_t session)
{
    out->header.id = COMMAND_LOGON;
    out->header.session = session;
    out->header.incarnation = 1;
    out->logon.participant = 1 + session % PARTICIPANTS;
    out->logon.user = 100 + session;
    out->logon.cancel_on_disconnect = session % 3 == 1;
    out->logon.orders_per_s = session == 2 ? 40000 : 0;
    out->logon.orders_burst = session == 2 ? 10 : 0;
}

bool workload_opening(const struct workload *workload, uint64_t sequence, struct command *out)
{
    uint64_t step = sequence;
    if (step == 1) {
        out->header.id = COMMAND_GENESIS;
        out->genesis = workload->profile->limits;
        return true;
    }
    step -= 1;
    if (step <= ASSETS_AT_START) {
        asset(out, (uint32_t)step);
        return true;
    }
    step -= ASSETS_AT_START;
    if (step <= WORKLOAD_INSTRUMENTS) {
        out->header.id = COMMAND_LIST_INSTRUMENT;
        out->list_instrument = row(workload, step - 1);
        return true;
    }
    step -= WORKLOAD_INSTRUMENTS;
    if (step <= ACCOUNTS_AT_START) {
        account(out, step);
        return true;
    }
    step -= ACCOUNTS_AT_START;
    if (step <= SESSIONS_AT_START) {
        logon(out, (uint32_t)step);
        return true;
    }
    return false;
}

/* One wrong term of an instrument, or two: then the first counts. */
static void spoil_terms(struct workload *workload, struct command_list_instrument *terms)
{
    switch (prng_below(&workload->prng, 16)) {
    case 0:
        terms->instrument = 0;
        break;
    case 1:
        terms->quote_asset = terms->base_asset;
        break;
    case 2:
        terms->price_scale = 19;
        break;
    case 3:
        terms->quantity_scale = 200;
        break;
    case 4:
        terms->negative_prices = 2;
        break;
    case 5:
        terms->itch = 255;
        break;
    case 6:
        terms->tick.units = -(int64_t)prng_below(&workload->prng, 2);
        break;
    case 7:
        terms->negative_prices = 0;
        terms->lowest_price.units = workload_chance(workload, 50) ? -1 : PRICE_NONE;
        break;
    case 8:
        terms->highest_price.units = terms->lowest_price.units - 1;
        break;
    case 9:
        terms->lot.lots = 0;
        break;
    case 10:
        terms->largest_quantity.lots = workload_chance(workload, 50)
                                           ? terms->lot.lots - 1
                                           : INT64_MAX / workload->profile->limits.max_orders + 1;
        break;
    case 11:
        terms->multiplier = -3;
        break;
    case 12:
        terms->symbol = (struct chars16){{"A B"}};
        break;
    case 13:
        terms->base_asset = 6 + (uint32_t)prng_below(&workload->prng, 2) * UINT32_C(0xfffffff0);
        break;
    case 14:
        terms->quote_asset = 7;
        break;
    default:
        terms->price_scale = 18;
        terms->quantity_scale = 18;
        break;
    }
}

static void reference_instrument(struct workload *workload, struct command *out)
{
    struct prng *prng = &workload->prng;
    struct command_list_instrument *terms = &out->list_instrument;
    out->header.id = COMMAND_LIST_INSTRUMENT;
    *terms = row(workload, prng_below(prng, WORKLOAD_INSTRUMENTS));
    terms->instrument = (uint32_t)prng_between(prng, 1, workload->profile->limits.max_instruments);
    if (workload_chance(workload, 20)) {
        terms->instrument = workload->profile->limits.max_instruments + 1 +
                            (uint32_t)prng_below(prng, 2) * UINT32_C(0x7fffffff);
    } else if (workload_chance(workload, 60)) {
        /* A number that may still be free, so that the later checks are reached. */
        terms->instrument = workload->profile->limits.max_instruments;
    }
    terms->multiplier = prng_between(prng, 1, 3);
    if (!prng_chance(prng, 1, 1500)) { /* or the last number would soon be taken */
        spoil_terms(workload, terms);
    }
    if (workload_chance(workload, 10)) {
        spoil_terms(workload, terms);
    }
}

static void reference_asset(struct workload *workload, struct command *out)
{
    asset(out, (uint32_t)prng_between(&workload->prng, 1,
                                      (int64_t)workload->profile->limits.max_assets + 2));
    switch (prng_below(&workload->prng, 8)) {
    case 0:
        out->list_asset.asset = 0;
        break;
    case 1:
        out->list_asset.scale = 19;
        break;
    case 2:
        out->list_asset.code = (struct chars16){{0}};
        break;
    case 3:
        out->list_asset.code.bytes[10] = 'x'; /* behind a zero */
        break;
    case 4:
        out->list_asset.asset = UINT32_MAX;
        break;
    default:
        break;
    }
}

static void reference_account(struct workload *workload, struct command *out)
{
    account(out, prng_below(&workload->prng, 60));
    switch (prng_below(&workload->prng, 6)) {
    case 0:
        out->open_account.participant = 0;
        break;
    case 1:
        out->open_account.unlimited = 2;
        break;
    case 2:
        out->open_account.account = 0;
        break;
    default:
        break;
    }
}

static void pick_rate(struct workload *workload, uint32_t *out_per_s, uint32_t *out_burst)
{
    struct prng *prng = &workload->prng;
    *out_per_s = 0;
    *out_burst = (uint32_t)prng_below(prng, 3);
    if (workload_chance(workload, 50)) {
        *out_per_s = (uint32_t)prng_between(prng, 3, 50000);
        *out_burst = (uint32_t)prng_between(prng, 1, 9);
    }
    if (workload_chance(workload, 4)) {
        *out_per_s = workload_chance(workload, 50) ? 1000001 : 7;
        *out_burst = workload_chance(workload, 50) ? 1000001 : 0;
    } else if (workload_chance(workload, 2)) {
        *out_per_s = 1000000;
        *out_burst = 1000000;
    }
}

static void reference_logon(struct workload *workload, struct command *out)
{
    struct prng *prng = &workload->prng;
    uint32_t sessions = workload->profile->limits.max_sessions;
    logon(out, (uint32_t)prng_between(prng, 0, (int64_t)sessions + 1));
    if (out->header.session > sessions && workload_chance(workload, 50)) {
        out->header.session = UINT32_MAX;
    }
    const struct twin_session *session = twin_find_session(workload->twin, out->header.session);
    uint32_t present = session == NULL ? 0 : session->incarnation;
    out->header.incarnation = present + 1 + (uint32_t)prng_below(prng, 2);
    if (workload_chance(workload, 20)) {
        out->header.incarnation = (uint32_t)prng_below(prng, (uint64_t)present + 1);
    }
    out->header.input_sequence = workload_chance(workload, 30) ? 0 : prng_below(prng, 2000);
    out->logon.cancel_on_disconnect = (uint8_t)prng_below(prng, 2);
    if (workload_chance(workload, 3)) {
        out->logon.cancel_on_disconnect = 2;
    }
    pick_rate(workload, &out->logon.orders_per_s, &out->logon.orders_burst);
    pick_rate(workload, &out->logon.cancels_per_s, &out->logon.cancels_burst);
}

void workload_reference(struct workload *workload, struct command *out)
{
    struct prng *prng = &workload->prng;
    switch (prng_below(prng, 10)) {
    case 0:
        out->header.id = COMMAND_GENESIS;
        out->genesis = workload->profile->limits;
        return;
    case 1:
        out->header.id = COMMAND_OPEN_SOURCE;
        out->open_source.source_number = (uint16_t)prng_below(prng, 65536);
        return;
    case 2:
        reference_asset(workload, out);
        return;
    case 3:
        reference_account(workload, out);
        return;
    case 4:
    case 5:
    case 6:
        reference_logon(workload, out);
        return;
    default:
        reference_instrument(workload, out);
        return;
    }
}
