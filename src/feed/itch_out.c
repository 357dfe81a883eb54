/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/itch_out.h"

#include "base/assert.h"
#include "base/calendar.h"
#include "wire/native/event_codec.h"

#include <stdlib.h>
#include <string.h>

#define LOCATE_MAX UINT16_MAX

void itch_out_init(struct itch_out *out)
{
    *out = (struct itch_out){0};
}

void itch_out_deinit(struct itch_out *out)
{
    free(out->terms);
    *out = (struct itch_out){0};
}

static int64_t power_of_ten(unsigned exponent)
{
    int64_t power = 1;
    for (unsigned i = 0; i < exponent; i++) {
        power *= 10;
    }
    return power;
}

static enum status make_room(struct itch_out *out, uint32_t instrument)
{
    if (instrument < out->terms_count) {
        return STATUS_OK;
    }
    size_t count = out->terms_count == 0 ? 64 : out->terms_count * 2;
    count = count > instrument ? count : instrument + (size_t)1;
    struct itch_terms *terms = realloc(out->terms, count * sizeof *terms);
    if (terms == NULL) {
        return STATUS_NO_MEMORY;
    }
    memset(terms + out->terms_count, 0, (count - out->terms_count) * sizeof *terms);
    out->terms = terms;
    out->terms_count = count;
    return STATUS_OK;
}

static enum status list(struct itch_out *out, const struct event_instrument_listed *listed)
{
    if (listed->instrument > LOCATE_MAX || listed->price_scale > ITCH_PRICE_SCALE ||
        listed->quantity_scale > 9) {
        return STATUS_INVALID;
    }
    enum status status = make_room(out, listed->instrument);
    if (status != STATUS_OK) {
        return status;
    }
    struct itch_terms *terms = &out->terms[listed->instrument];
    *terms =
        (struct itch_terms){.price_factor = power_of_ten(ITCH_PRICE_SCALE - listed->price_scale),
                            .quantity_factor = power_of_ten(listed->quantity_scale),
                            .listed = true};
    memset(terms->stock, ' ', sizeof terms->stock);
    memcpy(terms->stock, listed->symbol.bytes, strnlen(listed->symbol.bytes, sizeof terms->stock));
    return STATUS_OK;
}

static const struct itch_terms *terms_of(const struct itch_out *out, uint32_t instrument)
{
    return instrument < out->terms_count && out->terms[instrument].listed ? &out->terms[instrument]
                                                                          : NULL;
}

static bool price_of(const struct itch_terms *terms, struct price price, uint32_t *out_price)
{
    int64_t units;
    if (price.units < 0 || __builtin_mul_overflow(price.units, terms->price_factor, &units) ||
        units > UINT32_MAX) {
        return false;
    }
    *out_price = (uint32_t)units;
    return true;
}

static bool shares_of(const struct itch_terms *terms, struct quantity quantity,
                      uint32_t *out_shares)
{
    int64_t shares = quantity.lots / terms->quantity_factor;
    if (shares < 0 || shares > UINT32_MAX || shares * terms->quantity_factor != quantity.lots) {
        return false;
    }
    *out_shares = (uint32_t)shares;
    return true;
}

static struct itch_header header_of(const struct stream_entry *entry, uint32_t instrument)
{
    return (struct itch_header){.time_ns = entry->time_ns % CALENDAR_NS_PER_DAY,
                                .locate = (uint16_t)instrument};
}

size_t itch_out_stock(struct itch_header header, const char stock[8], uint32_t round_lot,
                      uint8_t *out_message)
{
    struct itch_stock_directory message = {
        .header = header,
        .market_category = ' ',
        .financial_status = ' ',
        .round_lot_size = round_lot,
        .round_lots_only = 'Y',
        .issue_classification = 'C',
        .issue_subtype = "Z ",
        .authenticity = 'P',
        .short_sale_threshold = ' ',
        .ipo_flag = ' ',
        .luld_tier = ' ',
        .etp_flag = 'N',
        .inverse = 'N',
    };
    memcpy(message.stock, stock, sizeof message.stock);
    return itch_encode_stock_directory(&message, out_message);
}

static size_t encode_directory(struct itch_out *out, const struct stream_entry *entry,
                               const struct event_instrument_listed *listed, uint8_t *at)
{
    const struct itch_terms *terms = &out->terms[listed->instrument];
    int64_t lot = listed->lot.lots / terms->quantity_factor;
    return itch_out_stock(header_of(entry, listed->instrument), terms->stock,
                          lot < 1 ? 1 : (uint32_t)lot, at);
}

static size_t encode_phase(const struct itch_out *out, const struct stream_entry *entry,
                           const struct event_phase *phase, uint8_t *at)
{
    static const char *const reasons[] = {
        [0] = "    ",
        [PHASE_REASON_SCHEDULED] = "    ",
        [PHASE_REASON_OPERATOR] = "O1  ",
        [PHASE_REASON_NEWS] = "T1  ",
        [PHASE_REASON_VOLATILITY] = "LUDP",
        [PHASE_REASON_TECHNICAL] = "O1  ",
    };
    struct itch_trading_action message = {
        .header = header_of(entry, phase->instrument),
        .trading_state = phase->phase == PHASE_OPEN ? 'T' : 'H',
        .reserved = phase->phase == PHASE_CLOSED ? 'C' : ' ',
    };
    const struct itch_terms *terms = terms_of(out, phase->instrument);
    memset(message.stock, ' ', sizeof message.stock);
    if (terms != NULL) {
        memcpy(message.stock, terms->stock, sizeof message.stock);
    }
    memcpy(message.reason, reasons[phase->reason < ARRAY_COUNT(reasons) ? phase->reason : 0], 4);
    return itch_encode_trading_action(&message, at);
}

static size_t encode_rested(const struct itch_terms *terms, const struct stream_entry *entry,
                            const struct event_rested *rested, uint8_t *at)
{
    uint32_t price;
    uint32_t shares;
    if (!price_of(terms, rested->price, &price) || !shares_of(terms, rested->quantity, &shares)) {
        return 0;
    }
    if (entry->replaced_reference != 0) {
        return itch_encode_order_replace(
            &(struct itch_order_replace){.header = header_of(entry, rested->instrument),
                                         .order = entry->replaced_reference,
                                         .new_order = entry->event_sequence,
                                         .shares = shares,
                                         .price = price},
            at);
    }
    struct itch_add_order message = {.header = header_of(entry, rested->instrument),
                                     .order = entry->event_sequence,
                                     .side = rested->side == SIDE_BUY ? 'B' : 'S',
                                     .shares = shares,
                                     .price = price};
    memcpy(message.stock, terms->stock, sizeof message.stock);
    return itch_encode_add_order(&message, at);
}

static size_t encode_trade(const struct itch_terms *terms, const struct stream_entry *entry,
                           const struct event_trade *trade, uint8_t *at)
{
    uint32_t shares;
    if (!shares_of(terms, trade->quantity, &shares)) {
        return 0;
    }
    return itch_encode_order_executed(
        &(struct itch_order_executed){.header = header_of(entry, trade->instrument),
                                      .order = trade->maker_reference,
                                      .shares = shares,
                                      .match = entry->event_sequence},
        at);
}

static size_t encode_reduced(const struct itch_terms *terms, const struct stream_entry *entry,
                             const struct event_reduced *reduced, uint8_t *at)
{
    uint32_t shares;
    if (!shares_of(terms, reduced->quantity, &shares)) {
        return 0;
    }
    return itch_encode_order_cancel(
        &(struct itch_order_cancel){.header = header_of(entry, reduced->instrument),
                                    .order = reduced->reference,
                                    .shares = shares},
        at);
}

/* 0: it does not fit. */
static size_t encode(struct itch_out *out, const struct stream_entry *entry,
                     const struct event *event, uint8_t *at)
{
    uint32_t instrument = 0;
    switch ((enum event_id)event->header.id) {
    case EVENT_RESTED:
        instrument = event->rested.instrument;
        break;
    case EVENT_TRADE:
        instrument = event->trade.instrument;
        break;
    case EVENT_REDUCED:
        instrument = event->reduced.instrument;
        break;
    case EVENT_REMOVED:
        instrument = event->removed.instrument;
        break;
    case EVENT_INSTRUMENT_LISTED:
        return encode_directory(out, entry, &event->instrument_listed, at);
    case EVENT_PHASE:
        return encode_phase(out, entry, &event->phase, at);
    case EVENT_DAY_ENDED:
        return itch_encode_system_event(
            &(struct itch_system_event){.header = header_of(entry, 0), .event_code = 'C'}, at);
    case EVENT_VENUE_OPENED:
    case EVENT_ASSET_LISTED:
    case EVENT_ACCOUNT_OPENED:
    case EVENT_SESSION_OPENED:
    case EVENT_SOURCE_OPENED:
    case EVENT_REJECTED:
    case EVENT_ACCEPTED:
    case EVENT_REPLACED:
    case EVENT_CANCELLED:
    case EVENT_SESSION_CLOSED:
    case EVENT_MASS_CANCELLED:
    case EVENT_DEAD_MAN_SET:
    case EVENT_BLOCK_SET:
    case EVENT_REPLAYED:
    case EVENT_RESOLVED:
    case EVENT_SESSION_NOTED:
    case EVENT_SESSION_RESERVED:
    case EVENT_SESSION_FILLED:
    case EVENT_GROUP_SET:
    case EVENT_LOGIC_CHANGED:
    case EVENT_PREVENTED: /* REDUCED or REMOVED says what the book lost */
        return 0;
    }
    const struct itch_terms *terms = terms_of(out, instrument);
    if (terms == NULL) {
        return 0;
    }
    switch (event->header.id) {
    case EVENT_RESTED:
        return encode_rested(terms, entry, &event->rested, at);
    case EVENT_TRADE:
        return encode_trade(terms, entry, &event->trade, at);
    case EVENT_REDUCED:
        return encode_reduced(terms, entry, &event->reduced, at);
    default:
        return itch_encode_order_delete(
            &(struct itch_order_delete){.header = header_of(entry, instrument),
                                        .order = event->removed.reference},
            at);
    }
}

enum status itch_out_encode(struct itch_out *out, const struct stream_entry *entry,
                            uint8_t *out_message, size_t *out_count)
{
    struct event event;
    enum status status = event_header_decode(entry->bytes, entry->count, &event.header);
    if (status == STATUS_OK) {
        status = event_body_decode(entry->bytes + EVENT_HEADER_BYTES,
                                   entry->count - EVENT_HEADER_BYTES, &event);
    }
    if (status == STATUS_OK && event.header.id == EVENT_INSTRUMENT_LISTED) {
        status = list(out, &event.instrument_listed);
    }
    if (status != STATUS_OK) {
        return status;
    }
    size_t count = encode(out, entry, &event, out_message);
    if (count == 0) {
        return STATUS_INVALID;
    }
    *out_count = count;
    return STATUS_OK;
}
