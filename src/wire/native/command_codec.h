/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by tools/schemagen from schema/commands.def: do not edit. The bytes of each command:
 * fixed fields little-endian in the order of the list, then texts, each behind its count byte.
 *
 * Owner: nobody. Threads: any. Memory: the caller's buffers. Errors: TRUNCATED, INVALID,
 * UNSUPPORTED. Order of calls: any.
 */
#ifndef DOJIMA_WIRE_NATIVE_COMMAND_CODEC_H
#define DOJIMA_WIRE_NATIVE_COMMAND_CODEC_H

#include "base/bytes.h"
#include "base/status.h"
#include "base/text.h"
#include "wire/native/command.h"
#include "wire/native/text36.h"

/* Writes the body, at most COMMAND_GENESIS_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_genesis_encode(uint8_t *out, const struct command_genesis *in)
{
    bytes_store_le16(out + 0, in->shard);
    bytes_store_le16(out + 2, in->logic_version);
    bytes_store_le32(out + 4, in->max_assets);
    bytes_store_le32(out + 8, in->max_instruments);
    bytes_store_le32(out + 12, in->max_accounts);
    bytes_store_le32(out + 16, in->max_sessions);
    bytes_store_le32(out + 20, in->max_orders);
    bytes_store_le32(out + 24, in->max_levels);
    bytes_store_le32(out + 28, in->max_events_per_command);
    bytes_store_le32(out + 32, in->max_timers_per_command);
    bytes_store_le32(out + 36, in->max_recent_names);
    bytes_store_le32(out + 40, in->resend_window_s);
    return 44;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_genesis_decode(const uint8_t *in, size_t bytes,
                                                          struct command_genesis *out)
{
    if (bytes < 44) {
        return STATUS_TRUNCATED;
    }
    out->shard = bytes_load_le16(in + 0);
    out->logic_version = bytes_load_le16(in + 2);
    out->max_assets = bytes_load_le32(in + 4);
    out->max_instruments = bytes_load_le32(in + 8);
    out->max_accounts = bytes_load_le32(in + 12);
    out->max_sessions = bytes_load_le32(in + 16);
    out->max_orders = bytes_load_le32(in + 20);
    out->max_levels = bytes_load_le32(in + 24);
    out->max_events_per_command = bytes_load_le32(in + 28);
    out->max_timers_per_command = bytes_load_le32(in + 32);
    out->max_recent_names = bytes_load_le32(in + 36);
    out->resend_window_s = bytes_load_le32(in + 40);
    return bytes == 44 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_LIST_ASSET_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_list_asset_encode(uint8_t *out,
                                                      const struct command_list_asset *in)
{
    bytes_store_le32(out + 0, in->asset);
    out[4] = in->scale;
    memcpy(out + 5, in->code.bytes, 16);
    return 21;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_list_asset_decode(const uint8_t *in, size_t bytes,
                                                             struct command_list_asset *out)
{
    if (bytes < 21) {
        return STATUS_TRUNCATED;
    }
    out->asset = bytes_load_le32(in + 0);
    out->scale = in[4];
    memcpy(out->code.bytes, in + 5, 16);
    return bytes == 21 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_LIST_INSTRUMENT_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_list_instrument_encode(uint8_t *out,
                                                           const struct command_list_instrument *in)
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
command_list_instrument_decode(const uint8_t *in, size_t bytes, struct command_list_instrument *out)
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

/* Writes the body, at most COMMAND_OPEN_ACCOUNT_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_open_account_encode(uint8_t *out,
                                                        const struct command_open_account *in)
{
    bytes_store_le64(out + 0, in->account);
    bytes_store_le32(out + 8, in->participant);
    bytes_store_le32(out + 12, in->self_trade_group);
    out[16] = in->unlimited;
    return 17;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_open_account_decode(const uint8_t *in, size_t bytes,
                                                               struct command_open_account *out)
{
    if (bytes < 17) {
        return STATUS_TRUNCATED;
    }
    out->account = bytes_load_le64(in + 0);
    out->participant = bytes_load_le32(in + 8);
    out->self_trade_group = bytes_load_le32(in + 12);
    out->unlimited = in[16];
    return bytes == 17 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_LOGON_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_logon_encode(uint8_t *out, const struct command_logon *in)
{
    bytes_store_le32(out + 0, in->participant);
    bytes_store_le32(out + 4, in->user);
    bytes_store_le32(out + 8, in->orders_per_s);
    bytes_store_le32(out + 12, in->orders_burst);
    bytes_store_le32(out + 16, in->cancels_per_s);
    bytes_store_le32(out + 20, in->cancels_burst);
    out[24] = in->cancel_on_disconnect;
    return 25;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_logon_decode(const uint8_t *in, size_t bytes,
                                                        struct command_logon *out)
{
    if (bytes < 25) {
        return STATUS_TRUNCATED;
    }
    out->participant = bytes_load_le32(in + 0);
    out->user = bytes_load_le32(in + 4);
    out->orders_per_s = bytes_load_le32(in + 8);
    out->orders_burst = bytes_load_le32(in + 12);
    out->cancels_per_s = bytes_load_le32(in + 16);
    out->cancels_burst = bytes_load_le32(in + 20);
    out->cancel_on_disconnect = in[24];
    return bytes == 25 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_TICK_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_tick_encode(uint8_t *out, const struct command_tick *in)
{
    (void)out;
    (void)in;
    return 0;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_tick_decode(const uint8_t *in, size_t bytes,
                                                       struct command_tick *out)
{
    (void)in;
    (void)out;
    return bytes == 0 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_END_OF_DAY_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_end_of_day_encode(uint8_t *out,
                                                      const struct command_end_of_day *in)
{
    bytes_store_le32(out + 0, in->trading_day);
    return 4;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_end_of_day_decode(const uint8_t *in, size_t bytes,
                                                             struct command_end_of_day *out)
{
    if (bytes < 4) {
        return STATUS_TRUNCATED;
    }
    out->trading_day = bytes_load_le32(in + 0);
    return bytes == 4 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_NEW_ORDER_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_new_order_encode(uint8_t *out,
                                                     const struct command_new_order *in)
{
    size_t at = 54;
    bytes_store_le64(out + 0, in->account);
    bytes_store_le64(out + 8, (uint64_t)in->price.units);
    bytes_store_le64(out + 16, (uint64_t)in->quantity.lots);
    bytes_store_le64(out + 24, in->expire_time);
    bytes_store_le32(out + 32, in->instrument);
    bytes_store_le32(out + 36, in->self_trade_group);
    out[40] = (uint8_t)in->side;
    out[41] = (uint8_t)in->order_type;
    out[42] = (uint8_t)in->time_in_force;
    out[43] = (uint8_t)in->post_only;
    out[44] = (uint8_t)in->capacity;
    out[45] = (uint8_t)in->on_disconnect;
    bytes_store_le64(out + 46, (uint64_t)in->minimum_quantity.lots);
    at += text36_encode(out + at, &in->client_order_id);
    return at;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_new_order_decode(const uint8_t *in, size_t bytes,
                                                            struct command_new_order *out)
{
    if (bytes < 54) {
        return STATUS_TRUNCATED;
    }
    size_t at = 54;
    out->account = bytes_load_le64(in + 0);
    out->price.units = (int64_t)bytes_load_le64(in + 8);
    out->quantity.lots = (int64_t)bytes_load_le64(in + 16);
    out->expire_time = bytes_load_le64(in + 24);
    out->instrument = bytes_load_le32(in + 32);
    out->self_trade_group = bytes_load_le32(in + 36);
    out->side = (enum side)in[40];
    out->order_type = (enum order_type)in[41];
    out->time_in_force = (enum time_in_force)in[42];
    out->post_only = (enum post_only)in[43];
    out->capacity = (enum capacity)in[44];
    out->on_disconnect = (enum on_disconnect)in[45];
    out->minimum_quantity.lots = (int64_t)bytes_load_le64(in + 46);
    if (!text36_decode(in, bytes, &at, &out->client_order_id)) {
        return STATUS_TRUNCATED;
    }
    return at == bytes ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_CANCEL_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_cancel_encode(uint8_t *out, const struct command_cancel *in)
{
    size_t at = 8;
    bytes_store_le64(out + 0, in->account);
    at += text36_encode(out + at, &in->client_order_id);
    return at;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_cancel_decode(const uint8_t *in, size_t bytes,
                                                         struct command_cancel *out)
{
    if (bytes < 8) {
        return STATUS_TRUNCATED;
    }
    size_t at = 8;
    out->account = bytes_load_le64(in + 0);
    if (!text36_decode(in, bytes, &at, &out->client_order_id)) {
        return STATUS_TRUNCATED;
    }
    return at == bytes ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_REDUCE_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_reduce_encode(uint8_t *out, const struct command_reduce *in)
{
    size_t at = 17;
    bytes_store_le64(out + 0, in->account);
    bytes_store_le64(out + 8, (uint64_t)in->quantity.lots);
    out[16] = (uint8_t)in->reason;
    at += text36_encode(out + at, &in->client_order_id);
    return at;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_reduce_decode(const uint8_t *in, size_t bytes,
                                                         struct command_reduce *out)
{
    if (bytes < 17) {
        return STATUS_TRUNCATED;
    }
    size_t at = 17;
    out->account = bytes_load_le64(in + 0);
    out->quantity.lots = (int64_t)bytes_load_le64(in + 8);
    out->reason = (enum reason)in[16];
    if (!text36_decode(in, bytes, &at, &out->client_order_id)) {
        return STATUS_TRUNCATED;
    }
    return at == bytes ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_REPLACE_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_replace_encode(uint8_t *out, const struct command_replace *in)
{
    size_t at = 24;
    bytes_store_le64(out + 0, in->account);
    bytes_store_le64(out + 8, (uint64_t)in->price.units);
    bytes_store_le64(out + 16, (uint64_t)in->quantity.lots);
    at += text36_encode(out + at, &in->client_order_id);
    at += text36_encode(out + at, &in->new_client_order_id);
    return at;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_replace_decode(const uint8_t *in, size_t bytes,
                                                          struct command_replace *out)
{
    if (bytes < 24) {
        return STATUS_TRUNCATED;
    }
    size_t at = 24;
    out->account = bytes_load_le64(in + 0);
    out->price.units = (int64_t)bytes_load_le64(in + 8);
    out->quantity.lots = (int64_t)bytes_load_le64(in + 16);
    if (!text36_decode(in, bytes, &at, &out->client_order_id)) {
        return STATUS_TRUNCATED;
    }
    if (!text36_decode(in, bytes, &at, &out->new_client_order_id)) {
        return STATUS_TRUNCATED;
    }
    return at == bytes ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_OPEN_SOURCE_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_open_source_encode(uint8_t *out,
                                                       const struct command_open_source *in)
{
    bytes_store_le64(out + 0, in->bytes);
    memcpy(out + 8, in->digest.bytes, 32);
    bytes_store_le16(out + 40, in->source_number);
    return 42;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_open_source_decode(const uint8_t *in, size_t bytes,
                                                              struct command_open_source *out)
{
    if (bytes < 42) {
        return STATUS_TRUNCATED;
    }
    out->bytes = bytes_load_le64(in + 0);
    memcpy(out->digest.bytes, in + 8, 32);
    out->source_number = bytes_load_le16(in + 40);
    return bytes == 42 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_SET_PHASE_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_set_phase_encode(uint8_t *out,
                                                     const struct command_set_phase *in)
{
    bytes_store_le32(out + 0, in->instrument);
    out[4] = (uint8_t)in->phase;
    out[5] = (uint8_t)in->reason;
    return 6;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_set_phase_decode(const uint8_t *in, size_t bytes,
                                                            struct command_set_phase *out)
{
    if (bytes < 6) {
        return STATUS_TRUNCATED;
    }
    out->instrument = bytes_load_le32(in + 0);
    out->phase = (enum phase)in[4];
    out->reason = (enum phase_reason)in[5];
    return bytes == 6 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_SESSION_LOST_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_session_lost_encode(uint8_t *out,
                                                        const struct command_session_lost *in)
{
    out[0] = (uint8_t)in->reason;
    return 1;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_session_lost_decode(const uint8_t *in, size_t bytes,
                                                               struct command_session_lost *out)
{
    if (bytes < 1) {
        return STATUS_TRUNCATED;
    }
    out->reason = (enum session_end)in[0];
    return bytes == 1 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_MASS_CANCEL_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_mass_cancel_encode(uint8_t *out,
                                                       const struct command_mass_cancel *in)
{
    bytes_store_le64(out + 0, in->account);
    bytes_store_le64(out + 8, in->tag);
    bytes_store_le32(out + 16, in->participant);
    bytes_store_le32(out + 20, in->instrument);
    bytes_store_le32(out + 24, in->orders_of);
    out[28] = in->side;
    return 29;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_mass_cancel_decode(const uint8_t *in, size_t bytes,
                                                              struct command_mass_cancel *out)
{
    if (bytes < 29) {
        return STATUS_TRUNCATED;
    }
    out->account = bytes_load_le64(in + 0);
    out->tag = bytes_load_le64(in + 8);
    out->participant = bytes_load_le32(in + 16);
    out->instrument = bytes_load_le32(in + 20);
    out->orders_of = bytes_load_le32(in + 24);
    out->side = in[28];
    return bytes == 29 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_SET_DEAD_MAN_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_set_dead_man_encode(uint8_t *out,
                                                        const struct command_set_dead_man *in)
{
    bytes_store_le32(out + 0, in->timeout_ms);
    return 4;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_set_dead_man_decode(const uint8_t *in, size_t bytes,
                                                               struct command_set_dead_man *out)
{
    if (bytes < 4) {
        return STATUS_TRUNCATED;
    }
    out->timeout_ms = bytes_load_le32(in + 0);
    return bytes == 4 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_SET_BLOCK_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_set_block_encode(uint8_t *out,
                                                     const struct command_set_block *in)
{
    bytes_store_le64(out + 0, in->number);
    out[8] = (uint8_t)in->target;
    out[9] = in->blocked;
    return 10;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_set_block_decode(const uint8_t *in, size_t bytes,
                                                            struct command_set_block *out)
{
    if (bytes < 10) {
        return STATUS_TRUNCATED;
    }
    out->number = bytes_load_le64(in + 0);
    out->target = (enum block_target)in[8];
    out->blocked = in[9];
    return bytes == 10 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_RESOLVE_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_resolve_encode(uint8_t *out, const struct command_resolve *in)
{
    size_t at = 8;
    bytes_store_le64(out + 0, in->account);
    at += text36_encode(out + at, &in->client_order_id);
    return at;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_resolve_decode(const uint8_t *in, size_t bytes,
                                                          struct command_resolve *out)
{
    if (bytes < 8) {
        return STATUS_TRUNCATED;
    }
    size_t at = 8;
    out->account = bytes_load_le64(in + 0);
    if (!text36_decode(in, bytes, &at, &out->client_order_id)) {
        return STATUS_TRUNCATED;
    }
    return at == bytes ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_SESSION_ADMIN_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_session_admin_encode(uint8_t *out,
                                                         const struct command_session_admin *in)
{
    out[0] = (uint8_t)in->kind;
    out[1] = (uint8_t)in->note;
    out[2] = in->count;
    return 3;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_session_admin_decode(const uint8_t *in, size_t bytes,
                                                                struct command_session_admin *out)
{
    if (bytes < 3) {
        return STATUS_TRUNCATED;
    }
    out->kind = (enum admin_kind)in[0];
    out->note = (enum session_note)in[1];
    out->count = in[2];
    return bytes == 3 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_SET_GROUP_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_set_group_encode(uint8_t *out,
                                                     const struct command_set_group *in)
{
    bytes_store_le32(out + 0, in->self_trade_group);
    out[4] = (uint8_t)in->mode;
    return 5;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_set_group_decode(const uint8_t *in, size_t bytes,
                                                            struct command_set_group *out)
{
    if (bytes < 5) {
        return STATUS_TRUNCATED;
    }
    out->self_trade_group = bytes_load_le32(in + 0);
    out->mode = (enum self_trade)in[4];
    return bytes == 5 ? STATUS_OK : STATUS_INVALID;
}

/* Writes the body, at most COMMAND_LOGIC_VERSION_BYTES_MAX bytes; returns how many. */
static ALWAYS_INLINE size_t command_logic_version_encode(uint8_t *out,
                                                         const struct command_logic_version *in)
{
    bytes_store_le16(out + 0, in->logic_version);
    return 2;
}

/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message has. */
MUST_USE static inline enum status command_logic_version_decode(const uint8_t *in, size_t bytes,
                                                                struct command_logic_version *out)
{
    if (bytes < 2) {
        return STATUS_TRUNCATED;
    }
    out->logic_version = bytes_load_le16(in + 0);
    return bytes == 2 ? STATUS_OK : STATUS_INVALID;
}

/* Body of any kind, by `header.id`. `out` has COMMAND_BODY_BYTES_MAX bytes; returns how many were
 * used. */
size_t command_body_encode(uint8_t *out, const struct command *in);

/* Body of any kind, by `out->header.id` and version, which the caller has set. One of an
 * older version comes out as the newest, and the header says so. */
MUST_USE enum status command_body_decode(const uint8_t *in, size_t bytes, struct command *out);

/* The same as command_body_encode in a version that the kind has or had; what that cannot
 * say is left out. */
size_t command_body_encode_as(uint8_t *out, const struct command *in, unsigned version);

/* The version in which a kind is written while these rules apply; 0 = they have no such
 * kind. */
unsigned command_version_at(unsigned id, unsigned logic);

/* Bytes of the fixed fields; false if there is no such kind or version. */
bool command_fixed_bytes(unsigned id, unsigned version, size_t *out_bytes);

/* The oldest version that says all of it. */
unsigned command_version_least(const struct command *in);

/* 0 if every field is inside its set, else the number of the first that is not, from 1. */
unsigned command_validate(const struct command *in);

/* Name of a kind ("genesis"), or null; number of kinds with ids from 1. */
const char *command_name(unsigned id);

/* One line for people, and one JSON object; ids above 2^53 are strings in JSON. */
void command_describe_text(const struct command *in, struct text *out);
void command_describe_json(const struct command *in, struct text *out);

#endif
