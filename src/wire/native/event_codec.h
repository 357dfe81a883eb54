/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by tools/schemagen from schema/events.def: do not edit. The bytes of each event: fixed
 * fields little-endian in the order of the list, then texts, each behind its count byte.
 *
 * Owner: nobody. Threads: any. Memory: the caller's buffers. Errors: TRUNCATED, INVALID,
 * UNSUPPORTED. Order of calls: any.
 */
#ifndef DOJIMA_WIRE_NATIVE_EVENT_CODEC_H
#define DOJIMA_WIRE_NATIVE_EVENT_CODEC_H

#include "base/bytes.h"
#include "base/status.h"
#include "base/text.h"
#include "wire/native/event.h"
#include "wire/native/text36.h"

/* Writes the body, at most EVENT_VENUE_OPENED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_venue_opened_encode(uint8_t *out,
                                                      const struct event_venue_opened *in)
{
    bytes_store_le16(out + 0, in->shard);
    bytes_store_le16(out + 2, in->logic_version);
    return 4;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_venue_opened_decode(const uint8_t *in, size_t bytes,
                                                             struct event_venue_opened *out)
{
    if (bytes < 4) {
        return STATUS_TRUNCATED;
    }
    out->shard = bytes_load_le16(in + 0);
    out->logic_version = bytes_load_le16(in + 2);
    return bytes == 4 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_ASSET_LISTED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_asset_listed_encode(uint8_t *out,
                                                      const struct event_asset_listed *in)
{
    bytes_store_le32(out + 0, in->asset);
    out[4] = in->scale;
    memcpy(out + 5, in->code.bytes, 16);
    return 21;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_asset_listed_decode(const uint8_t *in, size_t bytes,
                                                             struct event_asset_listed *out)
{
    if (bytes < 21) {
        return STATUS_TRUNCATED;
    }
    out->asset = bytes_load_le32(in + 0);
    out->scale = in[4];
    memcpy(out->code.bytes, in + 5, 16);
    return bytes == 21 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_INSTRUMENT_LISTED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_instrument_listed_encode(uint8_t *out,
                                                           const struct event_instrument_listed *in)
{
    bytes_store_le32(out + 0, in->instrument);
    bytes_store_le32(out + 4, in->base_asset);
    bytes_store_le32(out + 8, in->quote_asset);
    out[12] = in->price_scale;
    out[13] = in->quantity_scale;
    out[14] = in->negative_prices;
    out[15] = in->itch;
    bytes_store_le64(out + 16, (uint64_t)in->tick.units);
    bytes_store_le64(out + 24, (uint64_t)in->lowest_price.units);
    bytes_store_le64(out + 32, (uint64_t)in->highest_price.units);
    bytes_store_le64(out + 40, (uint64_t)in->lot.lots);
    bytes_store_le64(out + 48, (uint64_t)in->largest_quantity.lots);
    bytes_store_le64(out + 56, (uint64_t)in->multiplier);
    memcpy(out + 64, in->symbol.bytes, 16);
    return 80;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status
event_instrument_listed_decode(const uint8_t *in, size_t bytes, struct event_instrument_listed *out)
{
    if (bytes < 80) {
        return STATUS_TRUNCATED;
    }
    out->instrument = bytes_load_le32(in + 0);
    out->base_asset = bytes_load_le32(in + 4);
    out->quote_asset = bytes_load_le32(in + 8);
    out->price_scale = in[12];
    out->quantity_scale = in[13];
    out->negative_prices = in[14];
    out->itch = in[15];
    out->tick.units = (int64_t)bytes_load_le64(in + 16);
    out->lowest_price.units = (int64_t)bytes_load_le64(in + 24);
    out->highest_price.units = (int64_t)bytes_load_le64(in + 32);
    out->lot.lots = (int64_t)bytes_load_le64(in + 40);
    out->largest_quantity.lots = (int64_t)bytes_load_le64(in + 48);
    out->multiplier = (int64_t)bytes_load_le64(in + 56);
    memcpy(out->symbol.bytes, in + 64, 16);
    return bytes == 80 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_ACCOUNT_OPENED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_account_opened_encode(uint8_t *out,
                                                        const struct event_account_opened *in)
{
    bytes_store_le64(out + 0, in->account);
    bytes_store_le32(out + 8, in->participant);
    bytes_store_le32(out + 12, in->self_trade_group);
    return 16;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_account_opened_decode(const uint8_t *in, size_t bytes,
                                                               struct event_account_opened *out)
{
    if (bytes < 16) {
        return STATUS_TRUNCATED;
    }
    out->account = bytes_load_le64(in + 0);
    out->participant = bytes_load_le32(in + 8);
    out->self_trade_group = bytes_load_le32(in + 12);
    return bytes == 16 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_SESSION_OPENED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_session_opened_encode(uint8_t *out,
                                                        const struct event_session_opened *in)
{
    bytes_store_le32(out + 0, in->session);
    bytes_store_le32(out + 4, in->incarnation);
    bytes_store_le32(out + 8, in->participant);
    bytes_store_le32(out + 12, in->user);
    return 16;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_session_opened_decode(const uint8_t *in, size_t bytes,
                                                               struct event_session_opened *out)
{
    if (bytes < 16) {
        return STATUS_TRUNCATED;
    }
    out->session = bytes_load_le32(in + 0);
    out->incarnation = bytes_load_le32(in + 4);
    out->participant = bytes_load_le32(in + 8);
    out->user = bytes_load_le32(in + 12);
    return bytes == 16 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_DAY_ENDED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_day_ended_encode(uint8_t *out, const struct event_day_ended *in)
{
    bytes_store_le32(out + 0, in->trading_day);
    bytes_store_le32(out + 4, in->orders_expired);
    return 8;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_day_ended_decode(const uint8_t *in, size_t bytes,
                                                          struct event_day_ended *out)
{
    if (bytes < 8) {
        return STATUS_TRUNCATED;
    }
    out->trading_day = bytes_load_le32(in + 0);
    out->orders_expired = bytes_load_le32(in + 4);
    return bytes == 8 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_SOURCE_OPENED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_source_opened_encode(uint8_t *out,
                                                       const struct event_source_opened *in)
{
    bytes_store_le16(out + 0, in->source);
    return 2;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_source_opened_decode(const uint8_t *in, size_t bytes,
                                                              struct event_source_opened *out)
{
    if (bytes < 2) {
        return STATUS_TRUNCATED;
    }
    out->source = bytes_load_le16(in + 0);
    return bytes == 2 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_REJECTED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_rejected_encode(uint8_t *out, const struct event_rejected *in)
{
    size_t at = 39;
    bytes_store_le64(out + 0, in->account);
    bytes_store_le64(out + 8, (uint64_t)in->limit);
    bytes_store_le64(out + 16, (uint64_t)in->value);
    bytes_store_le32(out + 24, in->session);
    bytes_store_le32(out + 28, in->instrument);
    bytes_store_le32(out + 32, in->budget);
    bytes_store_le16(out + 36, in->code);
    out[38] = in->command;
    at += text36_encode(out + at, &in->client_order_id);
    at += text36_encode(out + at, &in->new_client_order_id);
    return at;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_rejected_decode(const uint8_t *in, size_t bytes,
                                                         struct event_rejected *out)
{
    if (bytes < 39) {
        return STATUS_TRUNCATED;
    }
    size_t at = 39;
    out->account = bytes_load_le64(in + 0);
    out->limit = (int64_t)bytes_load_le64(in + 8);
    out->value = (int64_t)bytes_load_le64(in + 16);
    out->session = bytes_load_le32(in + 24);
    out->instrument = bytes_load_le32(in + 28);
    out->budget = bytes_load_le32(in + 32);
    out->code = bytes_load_le16(in + 36);
    out->command = in[38];
    if (!text36_decode(in, bytes, &at, &out->client_order_id)) {
        return STATUS_TRUNCATED;
    }
    if (!text36_decode(in, bytes, &at, &out->new_client_order_id)) {
        return STATUS_TRUNCATED;
    }
    return at == bytes ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_ACCEPTED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_accepted_encode(uint8_t *out, const struct event_accepted *in)
{
    size_t at = 62;
    bytes_store_le64(out + 0, in->account);
    bytes_store_le64(out + 8, (uint64_t)in->price.units);
    bytes_store_le64(out + 16, (uint64_t)in->quantity.lots);
    bytes_store_le64(out + 24, in->expire_time);
    bytes_store_le32(out + 32, in->instrument);
    bytes_store_le32(out + 36, in->session);
    bytes_store_le32(out + 40, in->participant);
    bytes_store_le32(out + 44, in->user);
    bytes_store_le32(out + 48, in->self_trade_group);
    bytes_store_le32(out + 52, in->budget);
    out[56] = (uint8_t)in->side;
    out[57] = (uint8_t)in->order_type;
    out[58] = (uint8_t)in->time_in_force;
    out[59] = (uint8_t)in->post_only;
    out[60] = (uint8_t)in->capacity;
    out[61] = in->cancel_on_disconnect;
    at += text36_encode(out + at, &in->client_order_id);
    return at;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_accepted_decode(const uint8_t *in, size_t bytes,
                                                         struct event_accepted *out)
{
    if (bytes < 62) {
        return STATUS_TRUNCATED;
    }
    size_t at = 62;
    out->account = bytes_load_le64(in + 0);
    out->price.units = (int64_t)bytes_load_le64(in + 8);
    out->quantity.lots = (int64_t)bytes_load_le64(in + 16);
    out->expire_time = bytes_load_le64(in + 24);
    out->instrument = bytes_load_le32(in + 32);
    out->session = bytes_load_le32(in + 36);
    out->participant = bytes_load_le32(in + 40);
    out->user = bytes_load_le32(in + 44);
    out->self_trade_group = bytes_load_le32(in + 48);
    out->budget = bytes_load_le32(in + 52);
    out->side = (enum side)in[56];
    out->order_type = (enum order_type)in[57];
    out->time_in_force = (enum time_in_force)in[58];
    out->post_only = (enum post_only)in[59];
    out->capacity = (enum capacity)in[60];
    out->cancel_on_disconnect = in[61];
    if (!text36_decode(in, bytes, &at, &out->client_order_id)) {
        return STATUS_TRUNCATED;
    }
    return at == bytes ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_RESTED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_rested_encode(uint8_t *out, const struct event_rested *in)
{
    bytes_store_le64(out + 0, in->order_id);
    bytes_store_le64(out + 8, (uint64_t)in->price.units);
    bytes_store_le64(out + 16, (uint64_t)in->quantity.lots);
    bytes_store_le32(out + 24, in->instrument);
    out[28] = (uint8_t)in->side;
    return 29;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_rested_decode(const uint8_t *in, size_t bytes,
                                                       struct event_rested *out)
{
    if (bytes < 29) {
        return STATUS_TRUNCATED;
    }
    out->order_id = bytes_load_le64(in + 0);
    out->price.units = (int64_t)bytes_load_le64(in + 8);
    out->quantity.lots = (int64_t)bytes_load_le64(in + 16);
    out->instrument = bytes_load_le32(in + 24);
    out->side = (enum side)in[28];
    return bytes == 29 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_REDUCED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_reduced_encode(uint8_t *out, const struct event_reduced *in)
{
    bytes_store_le64(out + 0, in->order_id);
    bytes_store_le64(out + 8, in->reference);
    bytes_store_le64(out + 16, (uint64_t)in->quantity.lots);
    bytes_store_le64(out + 24, (uint64_t)in->remaining.lots);
    bytes_store_le32(out + 32, in->instrument);
    out[36] = (uint8_t)in->side;
    out[37] = (uint8_t)in->reason;
    return 38;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_reduced_decode(const uint8_t *in, size_t bytes,
                                                        struct event_reduced *out)
{
    if (bytes < 38) {
        return STATUS_TRUNCATED;
    }
    out->order_id = bytes_load_le64(in + 0);
    out->reference = bytes_load_le64(in + 8);
    out->quantity.lots = (int64_t)bytes_load_le64(in + 16);
    out->remaining.lots = (int64_t)bytes_load_le64(in + 24);
    out->instrument = bytes_load_le32(in + 32);
    out->side = (enum side)in[36];
    out->reason = (enum reason)in[37];
    return bytes == 38 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_REMOVED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_removed_encode(uint8_t *out, const struct event_removed *in)
{
    bytes_store_le64(out + 0, in->order_id);
    bytes_store_le64(out + 8, in->reference);
    bytes_store_le64(out + 16, (uint64_t)in->quantity.lots);
    bytes_store_le32(out + 24, in->instrument);
    out[28] = (uint8_t)in->side;
    out[29] = (uint8_t)in->reason;
    return 30;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_removed_decode(const uint8_t *in, size_t bytes,
                                                        struct event_removed *out)
{
    if (bytes < 30) {
        return STATUS_TRUNCATED;
    }
    out->order_id = bytes_load_le64(in + 0);
    out->reference = bytes_load_le64(in + 8);
    out->quantity.lots = (int64_t)bytes_load_le64(in + 16);
    out->instrument = bytes_load_le32(in + 24);
    out->side = (enum side)in[28];
    out->reason = (enum reason)in[29];
    return bytes == 30 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_REPLACED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_replaced_encode(uint8_t *out, const struct event_replaced *in)
{
    size_t at = 42;
    bytes_store_le64(out + 0, in->order_id);
    bytes_store_le64(out + 8, (uint64_t)in->price.units);
    bytes_store_le64(out + 16, (uint64_t)in->quantity.lots);
    bytes_store_le64(out + 24, (uint64_t)in->remaining.lots);
    bytes_store_le32(out + 32, in->instrument);
    bytes_store_le32(out + 36, in->budget);
    out[40] = (uint8_t)in->side;
    out[41] = (uint8_t)in->place;
    at += text36_encode(out + at, &in->client_order_id);
    return at;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_replaced_decode(const uint8_t *in, size_t bytes,
                                                         struct event_replaced *out)
{
    if (bytes < 42) {
        return STATUS_TRUNCATED;
    }
    size_t at = 42;
    out->order_id = bytes_load_le64(in + 0);
    out->price.units = (int64_t)bytes_load_le64(in + 8);
    out->quantity.lots = (int64_t)bytes_load_le64(in + 16);
    out->remaining.lots = (int64_t)bytes_load_le64(in + 24);
    out->instrument = bytes_load_le32(in + 32);
    out->budget = bytes_load_le32(in + 36);
    out->side = (enum side)in[40];
    out->place = (enum place)in[41];
    if (!text36_decode(in, bytes, &at, &out->client_order_id)) {
        return STATUS_TRUNCATED;
    }
    return at == bytes ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_TRADE_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_trade_encode(uint8_t *out, const struct event_trade *in)
{
    bytes_store_le64(out + 0, in->maker_order_id);
    bytes_store_le64(out + 8, in->maker_reference);
    bytes_store_le64(out + 16, in->taker_order_id);
    bytes_store_le64(out + 24, (uint64_t)in->price.units);
    bytes_store_le64(out + 32, (uint64_t)in->quantity.lots);
    bytes_store_le64(out + 40, (uint64_t)in->maker_remaining.lots);
    bytes_store_le64(out + 48, (uint64_t)in->taker_remaining.lots);
    bytes_store_le64(out + 56, in->maker_account);
    bytes_store_le64(out + 64, in->taker_account);
    bytes_store_le32(out + 72, in->maker_session);
    bytes_store_le32(out + 76, in->taker_session);
    bytes_store_le32(out + 80, in->instrument);
    out[84] = (uint8_t)in->taker_side;
    return 85;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_trade_decode(const uint8_t *in, size_t bytes,
                                                      struct event_trade *out)
{
    if (bytes < 85) {
        return STATUS_TRUNCATED;
    }
    out->maker_order_id = bytes_load_le64(in + 0);
    out->maker_reference = bytes_load_le64(in + 8);
    out->taker_order_id = bytes_load_le64(in + 16);
    out->price.units = (int64_t)bytes_load_le64(in + 24);
    out->quantity.lots = (int64_t)bytes_load_le64(in + 32);
    out->maker_remaining.lots = (int64_t)bytes_load_le64(in + 40);
    out->taker_remaining.lots = (int64_t)bytes_load_le64(in + 48);
    out->maker_account = bytes_load_le64(in + 56);
    out->taker_account = bytes_load_le64(in + 64);
    out->maker_session = bytes_load_le32(in + 72);
    out->taker_session = bytes_load_le32(in + 76);
    out->instrument = bytes_load_le32(in + 80);
    out->taker_side = (enum side)in[84];
    return bytes == 85 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_CANCELLED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_cancelled_encode(uint8_t *out, const struct event_cancelled *in)
{
    bytes_store_le64(out + 0, in->order_id);
    bytes_store_le64(out + 8, (uint64_t)in->quantity.lots);
    bytes_store_le32(out + 16, in->instrument);
    out[20] = (uint8_t)in->side;
    out[21] = (uint8_t)in->reason;
    return 22;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_cancelled_decode(const uint8_t *in, size_t bytes,
                                                          struct event_cancelled *out)
{
    if (bytes < 22) {
        return STATUS_TRUNCATED;
    }
    out->order_id = bytes_load_le64(in + 0);
    out->quantity.lots = (int64_t)bytes_load_le64(in + 8);
    out->instrument = bytes_load_le32(in + 16);
    out->side = (enum side)in[20];
    out->reason = (enum reason)in[21];
    return bytes == 22 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_PHASE_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_phase_encode(uint8_t *out, const struct event_phase *in)
{
    bytes_store_le32(out + 0, in->instrument);
    out[4] = (uint8_t)in->phase;
    out[5] = (uint8_t)in->reason;
    return 6;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_phase_decode(const uint8_t *in, size_t bytes,
                                                      struct event_phase *out)
{
    if (bytes < 6) {
        return STATUS_TRUNCATED;
    }
    out->instrument = bytes_load_le32(in + 0);
    out->phase = (enum phase)in[4];
    out->reason = (enum phase_reason)in[5];
    return bytes == 6 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_SESSION_CLOSED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_session_closed_encode(uint8_t *out,
                                                        const struct event_session_closed *in)
{
    bytes_store_le32(out + 0, in->session);
    bytes_store_le32(out + 4, in->incarnation);
    bytes_store_le32(out + 8, in->orders);
    out[12] = (uint8_t)in->reason;
    return 13;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_session_closed_decode(const uint8_t *in, size_t bytes,
                                                               struct event_session_closed *out)
{
    if (bytes < 13) {
        return STATUS_TRUNCATED;
    }
    out->session = bytes_load_le32(in + 0);
    out->incarnation = bytes_load_le32(in + 4);
    out->orders = bytes_load_le32(in + 8);
    out->reason = (enum session_end)in[12];
    return bytes == 13 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_MASS_CANCELLED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_mass_cancelled_encode(uint8_t *out,
                                                        const struct event_mass_cancelled *in)
{
    bytes_store_le64(out + 0, in->account);
    bytes_store_le64(out + 8, in->tag);
    bytes_store_le32(out + 16, in->asked_by);
    bytes_store_le32(out + 20, in->participant);
    bytes_store_le32(out + 24, in->instrument);
    bytes_store_le32(out + 28, in->session);
    bytes_store_le32(out + 32, in->orders);
    out[36] = in->side;
    return 37;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_mass_cancelled_decode(const uint8_t *in, size_t bytes,
                                                               struct event_mass_cancelled *out)
{
    if (bytes < 37) {
        return STATUS_TRUNCATED;
    }
    out->account = bytes_load_le64(in + 0);
    out->tag = bytes_load_le64(in + 8);
    out->asked_by = bytes_load_le32(in + 16);
    out->participant = bytes_load_le32(in + 20);
    out->instrument = bytes_load_le32(in + 24);
    out->session = bytes_load_le32(in + 28);
    out->orders = bytes_load_le32(in + 32);
    out->side = in[36];
    return bytes == 37 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_DEAD_MAN_SET_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_dead_man_set_encode(uint8_t *out,
                                                      const struct event_dead_man_set *in)
{
    bytes_store_le32(out + 0, in->session);
    bytes_store_le32(out + 4, in->timeout_ms);
    return 8;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_dead_man_set_decode(const uint8_t *in, size_t bytes,
                                                             struct event_dead_man_set *out)
{
    if (bytes < 8) {
        return STATUS_TRUNCATED;
    }
    out->session = bytes_load_le32(in + 0);
    out->timeout_ms = bytes_load_le32(in + 4);
    return bytes == 8 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_BLOCK_SET_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_block_set_encode(uint8_t *out, const struct event_block_set *in)
{
    bytes_store_le64(out + 0, in->number);
    out[8] = (uint8_t)in->target;
    out[9] = in->blocked;
    return 10;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_block_set_decode(const uint8_t *in, size_t bytes,
                                                          struct event_block_set *out)
{
    if (bytes < 10) {
        return STATUS_TRUNCATED;
    }
    out->number = bytes_load_le64(in + 0);
    out->target = (enum block_target)in[8];
    out->blocked = in[9];
    return bytes == 10 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_REPLAYED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_replayed_encode(uint8_t *out, const struct event_replayed *in)
{
    size_t at = 23;
    bytes_store_le64(out + 0, in->account);
    bytes_store_le64(out + 8, in->event_sequence);
    bytes_store_le32(out + 16, in->session);
    bytes_store_le16(out + 20, in->code);
    out[22] = in->command;
    at += text36_encode(out + at, &in->client_order_id);
    return at;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_replayed_decode(const uint8_t *in, size_t bytes,
                                                         struct event_replayed *out)
{
    if (bytes < 23) {
        return STATUS_TRUNCATED;
    }
    size_t at = 23;
    out->account = bytes_load_le64(in + 0);
    out->event_sequence = bytes_load_le64(in + 8);
    out->session = bytes_load_le32(in + 16);
    out->code = bytes_load_le16(in + 20);
    out->command = in[22];
    if (!text36_decode(in, bytes, &at, &out->client_order_id)) {
        return STATUS_TRUNCATED;
    }
    return at == bytes ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_RESOLVED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_resolved_encode(uint8_t *out, const struct event_resolved *in)
{
    size_t at = 22;
    bytes_store_le64(out + 0, in->account);
    bytes_store_le64(out + 8, in->event_sequence);
    bytes_store_le32(out + 16, in->session);
    bytes_store_le16(out + 20, in->code);
    at += text36_encode(out + at, &in->client_order_id);
    return at;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_resolved_decode(const uint8_t *in, size_t bytes,
                                                         struct event_resolved *out)
{
    if (bytes < 22) {
        return STATUS_TRUNCATED;
    }
    size_t at = 22;
    out->account = bytes_load_le64(in + 0);
    out->event_sequence = bytes_load_le64(in + 8);
    out->session = bytes_load_le32(in + 16);
    out->code = bytes_load_le16(in + 20);
    if (!text36_decode(in, bytes, &at, &out->client_order_id)) {
        return STATUS_TRUNCATED;
    }
    return at == bytes ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_SESSION_NOTED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_session_noted_encode(uint8_t *out,
                                                       const struct event_session_noted *in)
{
    bytes_store_le32(out + 0, in->session);
    bytes_store_le32(out + 4, in->incarnation);
    out[8] = (uint8_t)in->note;
    return 9;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_session_noted_decode(const uint8_t *in, size_t bytes,
                                                              struct event_session_noted *out)
{
    if (bytes < 9) {
        return STATUS_TRUNCATED;
    }
    out->session = bytes_load_le32(in + 0);
    out->incarnation = bytes_load_le32(in + 4);
    out->note = (enum session_note)in[8];
    return bytes == 9 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_SESSION_RESERVED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_session_reserved_encode(uint8_t *out,
                                                          const struct event_session_reserved *in)
{
    bytes_store_le32(out + 0, in->session);
    bytes_store_le32(out + 4, in->incarnation);
    out[8] = in->place;
    out[9] = in->count;
    return 10;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_session_reserved_decode(const uint8_t *in, size_t bytes,
                                                                 struct event_session_reserved *out)
{
    if (bytes < 10) {
        return STATUS_TRUNCATED;
    }
    out->session = bytes_load_le32(in + 0);
    out->incarnation = bytes_load_le32(in + 4);
    out->place = in[8];
    out->count = in[9];
    return bytes == 10 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_SESSION_FILLED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_session_filled_encode(uint8_t *out,
                                                        const struct event_session_filled *in)
{
    bytes_store_le64(out + 0, in->first_event);
    bytes_store_le32(out + 8, in->session);
    bytes_store_le32(out + 12, in->incarnation);
    out[16] = in->used;
    out[17] = in->unused;
    return 18;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_session_filled_decode(const uint8_t *in, size_t bytes,
                                                               struct event_session_filled *out)
{
    if (bytes < 18) {
        return STATUS_TRUNCATED;
    }
    out->first_event = bytes_load_le64(in + 0);
    out->session = bytes_load_le32(in + 8);
    out->incarnation = bytes_load_le32(in + 12);
    out->used = in[16];
    out->unused = in[17];
    return bytes == 18 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_GROUP_SET_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_group_set_encode(uint8_t *out, const struct event_group_set *in)
{
    bytes_store_le32(out + 0, in->self_trade_group);
    out[4] = (uint8_t)in->mode;
    return 5;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_group_set_decode(const uint8_t *in, size_t bytes,
                                                          struct event_group_set *out)
{
    if (bytes < 5) {
        return STATUS_TRUNCATED;
    }
    out->self_trade_group = bytes_load_le32(in + 0);
    out->mode = (enum self_trade)in[4];
    return bytes == 5 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_PREVENTED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_prevented_encode(uint8_t *out, const struct event_prevented *in)
{
    bytes_store_le64(out + 0, in->maker_order_id);
    bytes_store_le64(out + 8, in->maker_reference);
    bytes_store_le64(out + 16, in->taker_order_id);
    bytes_store_le64(out + 24, (uint64_t)in->price.units);
    bytes_store_le64(out + 32, (uint64_t)in->quantity.lots);
    bytes_store_le64(out + 40, (uint64_t)in->maker_cancelled.lots);
    bytes_store_le64(out + 48, (uint64_t)in->taker_cancelled.lots);
    bytes_store_le64(out + 56, (uint64_t)in->maker_remaining.lots);
    bytes_store_le64(out + 64, (uint64_t)in->taker_remaining.lots);
    bytes_store_le32(out + 72, in->maker_session);
    bytes_store_le32(out + 76, in->taker_session);
    bytes_store_le32(out + 80, in->instrument);
    bytes_store_le32(out + 84, in->self_trade_group);
    out[88] = (uint8_t)in->taker_side;
    out[89] = (uint8_t)in->mode;
    return 90;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_prevented_decode(const uint8_t *in, size_t bytes,
                                                          struct event_prevented *out)
{
    if (bytes < 90) {
        return STATUS_TRUNCATED;
    }
    out->maker_order_id = bytes_load_le64(in + 0);
    out->maker_reference = bytes_load_le64(in + 8);
    out->taker_order_id = bytes_load_le64(in + 16);
    out->price.units = (int64_t)bytes_load_le64(in + 24);
    out->quantity.lots = (int64_t)bytes_load_le64(in + 32);
    out->maker_cancelled.lots = (int64_t)bytes_load_le64(in + 40);
    out->taker_cancelled.lots = (int64_t)bytes_load_le64(in + 48);
    out->maker_remaining.lots = (int64_t)bytes_load_le64(in + 56);
    out->taker_remaining.lots = (int64_t)bytes_load_le64(in + 64);
    out->maker_session = bytes_load_le32(in + 72);
    out->taker_session = bytes_load_le32(in + 76);
    out->instrument = bytes_load_le32(in + 80);
    out->self_trade_group = bytes_load_le32(in + 84);
    out->taker_side = (enum side)in[88];
    out->mode = (enum self_trade)in[89];
    return bytes == 90 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most EVENT_LOGIC_CHANGED_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t event_logic_changed_encode(uint8_t *out,
                                                       const struct event_logic_changed *in)
{
    bytes_store_le16(out + 0, in->before);
    bytes_store_le16(out + 2, in->logic_version);
    return 4;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status event_logic_changed_decode(const uint8_t *in, size_t bytes,
                                                              struct event_logic_changed *out)
{
    if (bytes < 4) {
        return STATUS_TRUNCATED;
    }
    out->before = bytes_load_le16(in + 0);
    out->logic_version = bytes_load_le16(in + 2);
    return bytes == 4 ? STATUS_OK : STATUS_INVALID;
}

/* Body of any kind, by `header.id`. `out` has EVENT_BODY_BYTES_MAX bytes; returns how many were
 * used. */
size_t event_body_encode(uint8_t *out, const struct event *in);

/* Body of any kind, by `out->header.id` and version, which the caller has set. One of an
 * older version comes out as the newest, and the header says so. */
MUST_USE enum status event_body_decode(const uint8_t *in, size_t bytes, struct event *out);

/* The same as event_body_encode in a version that the kind has or had; what that cannot
 * say is left out. */
size_t event_body_encode_as(uint8_t *out, const struct event *in, unsigned version);

/* The version in which a kind is written while these rules apply; 0 = they have no such
 * kind. */
unsigned event_version_at(unsigned id, unsigned logic);

/* Bytes of the fixed fields; false if there is no such kind or version. */
bool event_fixed_bytes(unsigned id, unsigned version, size_t *out_bytes);

/* 0 if every field is inside its set, else the number of the first that is not, from 1. */
unsigned event_validate(const struct event *in);

/* Name of a kind ("venue_opened"), or null; number of kinds with ids from 1. */
const char *event_name(unsigned id);

/* One line for people, and one JSON object; ids above 2^53 are strings in JSON. */
void event_describe_text(const struct event *in, struct text *out);
void event_describe_json(const struct event *in, struct text *out);

#endif
