/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/reference/reference.h"

#define SCALE_MAX 18

void reference_init(struct reference *reference, struct arena *arena,
                    const struct command_genesis *limits)
{
    *reference = (struct reference){.max_assets = limits->max_assets,
                                    .max_instruments = limits->max_instruments,
                                    .max_orders = limits->max_orders};
    reference->assets = arena_take(arena, limits->max_assets, sizeof *reference->assets);
    reference->instruments =
        arena_take(arena, limits->max_instruments, sizeof *reference->instruments);
}

struct refusal reference_list_asset(struct reference *reference,
                                    const struct command_list_asset *command)
{
    if (command->asset == 0) {
        return refuse(REJECT_INVALID_FIELD, 0, 1);
    }
    if (command->scale > SCALE_MAX) {
        return refuse(REJECT_INVALID_FIELD, 0, 2);
    }
    if (reference_find_asset(reference, command->asset) != NULL) {
        return refuse(REJECT_ALREADY_EXISTS, 0, command->asset);
    }
    if (command->asset > reference->max_assets) {
        return refuse(REJECT_TABLE_FULL, reference->max_assets, command->asset);
    }
    reference->assets[command->asset - 1] =
        (struct asset){.listed = 1, .scale = command->scale, .code = command->code};
    reference->asset_count++;
    return refusal_none();
}

/* The number of the first field outside its range, or 0. */
static unsigned instrument_field(const struct reference *reference,
                                 const struct command_list_instrument *terms)
{
    if (terms->instrument == 0) {
        return 1;
    }
    if (terms->quote_asset == terms->base_asset) {
        return 3;
    }
    if (terms->price_scale > SCALE_MAX) {
        return 4;
    }
    if (terms->quantity_scale > SCALE_MAX) {
        return 5;
    }
    if (terms->tick.units < 1) {
        return 8;
    }
    if (terms->lowest_price.units == PRICE_NONE ||
        (terms->lowest_price.units < 0 && terms->negative_prices == 0)) {
        return 9;
    }
    if (terms->highest_price.units < terms->lowest_price.units) {
        return 10;
    }
    if (terms->lot.lots < 1) {
        return 11;
    }
    /* All orders of the venue at one price must add up in a level's total. */
    if (terms->largest_quantity.lots < terms->lot.lots ||
        terms->largest_quantity.lots > INT64_MAX / reference->max_orders) {
        return 12;
    }
    return terms->multiplier < 1 ? 13 : 0;
}

/* 10^quote_scale x lot x multiplier is a multiple of 10^(price_scale + quantity_scale). */
static bool notional_exact(const struct command_list_instrument *terms, unsigned quote_scale)
{
    unsigned scales = (unsigned)terms->price_scale + terms->quantity_scale;
    if (scales <= quote_scale) {
        return true;
    }
    uint128 divisor = 1; /* at most 10^36 < 2^120 */
    for (unsigned i = quote_scale; i < scales; i++) {
        divisor *= 10;
    }
    uint128 product = (uint128)(uint64_t)terms->lot.lots * (uint64_t)terms->multiplier;
    return product % divisor == 0;
}

struct refusal reference_list_instrument(struct reference *reference,
                                         const struct command_list_instrument *command)
{
    unsigned field = instrument_field(reference, command);
    if (field != 0) {
        return refuse(REJECT_INVALID_FIELD, 0, field);
    }
    if (reference_find(reference, command->instrument) != NULL) {
        return refuse(REJECT_ALREADY_EXISTS, 0, command->instrument);
    }
    if (command->instrument > reference->max_instruments) {
        return refuse(REJECT_TABLE_FULL, reference->max_instruments, command->instrument);
    }
    if (reference_find_asset(reference, command->base_asset) == NULL) {
        return refuse(REJECT_UNKNOWN_ASSET, 0, command->base_asset);
    }
    const struct asset *quote = reference_find_asset(reference, command->quote_asset);
    if (quote == NULL) {
        return refuse(REJECT_UNKNOWN_ASSET, 0, command->quote_asset);
    }
    if (!notional_exact(command, quote->scale)) {
        return refuse(REJECT_NOTIONAL_NOT_EXACT, 0, 0);
    }
    reference->instruments[command->instrument - 1] =
        (struct instrument){.phase = PHASE_OPEN, .terms = *command};
    reference->instrument_count++;
    return refusal_none();
}

struct refusal reference_set_phase(struct reference *reference, uint32_t instrument,
                                   enum phase phase)
{
    if (instrument != 0 && reference_find(reference, instrument) == NULL) {
        return refuse(REJECT_UNKNOWN_INSTRUMENT, 0, instrument);
    }
    uint32_t first = instrument != 0 ? instrument : 1;
    uint32_t last = instrument != 0 ? instrument : reference->max_instruments;
    for (uint32_t i = first; i <= last; i++) {
        if (reference_find(reference, i) != NULL) {
            reference->instruments[i - 1].phase = phase;
        }
    }
    return refusal_none();
}

struct refusal reference_check_price(const struct command_list_instrument *terms,
                                     int64_t price_units, int64_t lots, int64_t *out_notional)
{
    if (UNLIKELY(price_units == PRICE_NONE || price_units < terms->lowest_price.units)) {
        return refuse(REJECT_PRICE_OUT_OF_RANGE, terms->lowest_price.units, price_units);
    }
    if (UNLIKELY(price_units > terms->highest_price.units)) {
        return refuse(REJECT_PRICE_OUT_OF_RANGE, terms->highest_price.units, price_units);
    }
    if (UNLIKELY(terms->tick.units != 1 && price_units % terms->tick.units != 0)) {
        return refuse(REJECT_PRICE_NOT_ON_TICK, terms->tick.units, price_units);
    }
    int64_t notional;
    if (UNLIKELY(
            __builtin_mul_overflow(price_units < 0 ? -price_units : price_units, lots, &notional) ||
            __builtin_mul_overflow(notional, terms->multiplier, &notional))) {
        return refuse(REJECT_NOTIONAL_OVERFLOW, 0, lots);
    }
    *out_notional = notional;
    return refusal_none();
}
