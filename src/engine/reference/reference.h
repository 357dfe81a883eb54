/* SPDX-License-Identifier: Apache-2.0
 *
 * Reference data of the engine: assets and instruments, by number, and the checks of price and
 * quantity against an instrument's terms.
 *
 * Owner: the engine. Threads: one. Memory: tables in the arena. Errors: reject codes.
 * Order of calls: reference_init, then any.
 */
#ifndef DOJIMA_ENGINE_REFERENCE_REFERENCE_H
#define DOJIMA_ENGINE_REFERENCE_REFERENCE_H

#include "base/arena.h"
#include "engine/refusal.h"
#include "wire/native/command.h"

struct asset {
    uint8_t listed;
    uint8_t scale;
    struct chars16 code;
};

struct instrument {
    enum phase phase;
    struct command_list_instrument terms; /* instrument 0 = not listed */
};

struct reference {
    struct asset *assets;           /* by number - 1 */
    struct instrument *instruments; /* by number - 1 */
    uint32_t max_assets;
    uint32_t max_instruments;
    uint32_t max_orders; /* of the venue: bounds the largest quantity */
    uint32_t asset_count;
    uint32_t instrument_count;
};

void reference_init(struct reference *reference, struct arena *arena,
                    const struct command_genesis *limits);

/* The terms of a listed instrument, or null. */
static ALWAYS_INLINE const struct command_list_instrument *
reference_find(const struct reference *reference, uint32_t instrument)
{
    if (UNLIKELY(instrument - 1 >= reference->max_instruments ||
                 reference->instruments[instrument - 1].terms.instrument == 0)) {
        return NULL;
    }
    return &reference->instruments[instrument - 1].terms;
}

/* A listed asset, or null. */
static inline const struct asset *reference_find_asset(const struct reference *reference,
                                                       uint32_t asset)
{
    if (asset == 0 || asset > reference->max_assets || reference->assets[asset - 1].listed == 0) {
        return NULL;
    }
    return &reference->assets[asset - 1];
}

static ALWAYS_INLINE bool reference_is_open(const struct reference *reference, uint32_t instrument)
{
    return reference->instruments[instrument - 1].phase == PHASE_OPEN;
}

/* Passes if the listed instrument takes new orders. */
static ALWAYS_INLINE struct refusal reference_check_phase(const struct reference *reference,
                                                          uint32_t instrument)
{
    enum phase phase = reference->instruments[instrument - 1].phase;
    if (LIKELY(phase == PHASE_OPEN)) {
        return refusal_none();
    }
    return refuse(phase == PHASE_HALTED ? REJECT_INSTRUMENT_HALTED : REJECT_INSTRUMENT_CLOSED, 0,
                  instrument);
}

/* Instrument 0: all that are listed. */
struct refusal reference_set_phase(struct reference *reference, uint32_t instrument,
                                   enum phase phase);

struct refusal reference_list_asset(struct reference *reference,
                                    const struct command_list_asset *command);
struct refusal reference_list_instrument(struct reference *reference,
                                         const struct command_list_instrument *command);

/* Positive, on the lot, not too large. */
static ALWAYS_INLINE struct refusal
reference_check_quantity(const struct command_list_instrument *terms, int64_t lots)
{
    if (UNLIKELY(lots < 1)) {
        return refuse(REJECT_QUANTITY_NOT_POSITIVE, 0, lots);
    }
    if (UNLIKELY(terms->lot.lots != 1 && lots % terms->lot.lots != 0)) {
        return refuse(REJECT_QUANTITY_NOT_ON_LOT, terms->lot.lots, lots);
    }
    if (UNLIKELY(lots > terms->largest_quantity.lots)) {
        return refuse(REJECT_QUANTITY_TOO_LARGE, terms->largest_quantity.lots, lots);
    }
    return refusal_none();
}

/* In range, on the tick, and the notional with this quantity fits; *out_notional is then set. */
struct refusal reference_check_price(const struct command_list_instrument *terms,
                                     int64_t price_units, int64_t lots, int64_t *out_notional);

#endif
