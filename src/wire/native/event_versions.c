/* SPDX-License-Identifier: Apache-2.0
 * Written by tools/schemagen from schema/events.def: do not edit. */
#include "wire/native/event_codec.h"

static inline size_t event_account_opened_encode_v1(uint8_t *out,
                                                    const struct event_account_opened *in)
{
    bytes_store_le64(out + 0, in->account);
    bytes_store_le32(out + 8, in->participant);
    return 12;
}

MUST_USE static inline enum status event_account_opened_decode_v1(const uint8_t *in, size_t bytes,
                                                                  struct event_account_opened *out)
{
    if (bytes < 12) {
        return STATUS_TRUNCATED;
    }
    out->account = bytes_load_le64(in + 0);
    out->participant = bytes_load_le32(in + 8);
    out->self_trade_group = 0;
    return bytes == 12 ? STATUS_OK : STATUS_INVALID;
}

enum status event_body_decode(const uint8_t *in, size_t bytes, struct event *out)
{
    unsigned version = out->header.version;
    switch (out->header.id) {
    case EVENT_VENUE_OPENED:
        return version == 1 ? event_venue_opened_decode(in, bytes, &out->venue_opened)
                            : STATUS_UNSUPPORTED;
    case EVENT_ASSET_LISTED:
        return version == 1 ? event_asset_listed_decode(in, bytes, &out->asset_listed)
                            : STATUS_UNSUPPORTED;
    case EVENT_INSTRUMENT_LISTED:
        return version == 1 ? event_instrument_listed_decode(in, bytes, &out->instrument_listed)
                            : STATUS_UNSUPPORTED;
    case EVENT_ACCOUNT_OPENED:
        if (version == 1) {
            out->header.version = 2;
            return event_account_opened_decode_v1(in, bytes, &out->account_opened);
        }
        return version == 2 ? event_account_opened_decode(in, bytes, &out->account_opened)
                            : STATUS_UNSUPPORTED;
    case EVENT_SESSION_OPENED:
        return version == 1 ? event_session_opened_decode(in, bytes, &out->session_opened)
                            : STATUS_UNSUPPORTED;
    case EVENT_DAY_ENDED:
        return version == 1 ? event_day_ended_decode(in, bytes, &out->day_ended)
                            : STATUS_UNSUPPORTED;
    case EVENT_SOURCE_OPENED:
        return version == 1 ? event_source_opened_decode(in, bytes, &out->source_opened)
                            : STATUS_UNSUPPORTED;
    case EVENT_REJECTED:
        return version == 1 ? event_rejected_decode(in, bytes, &out->rejected) : STATUS_UNSUPPORTED;
    case EVENT_ACCEPTED:
        return version == 1 ? event_accepted_decode(in, bytes, &out->accepted) : STATUS_UNSUPPORTED;
    case EVENT_RESTED:
        return version == 1 ? event_rested_decode(in, bytes, &out->rested) : STATUS_UNSUPPORTED;
    case EVENT_REDUCED:
        return version == 1 ? event_reduced_decode(in, bytes, &out->reduced) : STATUS_UNSUPPORTED;
    case EVENT_REMOVED:
        return version == 1 ? event_removed_decode(in, bytes, &out->removed) : STATUS_UNSUPPORTED;
    case EVENT_REPLACED:
        return version == 1 ? event_replaced_decode(in, bytes, &out->replaced) : STATUS_UNSUPPORTED;
    case EVENT_TRADE:
        return version == 1 ? event_trade_decode(in, bytes, &out->trade) : STATUS_UNSUPPORTED;
    case EVENT_CANCELLED:
        return version == 1 ? event_cancelled_decode(in, bytes, &out->cancelled)
                            : STATUS_UNSUPPORTED;
    case EVENT_PHASE:
        return version == 1 ? event_phase_decode(in, bytes, &out->phase) : STATUS_UNSUPPORTED;
    case EVENT_SESSION_CLOSED:
        return version == 1 ? event_session_closed_decode(in, bytes, &out->session_closed)
                            : STATUS_UNSUPPORTED;
    case EVENT_MASS_CANCELLED:
        return version == 1 ? event_mass_cancelled_decode(in, bytes, &out->mass_cancelled)
                            : STATUS_UNSUPPORTED;
    case EVENT_DEAD_MAN_SET:
        return version == 1 ? event_dead_man_set_decode(in, bytes, &out->dead_man_set)
                            : STATUS_UNSUPPORTED;
    case EVENT_BLOCK_SET:
        return version == 1 ? event_block_set_decode(in, bytes, &out->block_set)
                            : STATUS_UNSUPPORTED;
    case EVENT_REPLAYED:
        return version == 1 ? event_replayed_decode(in, bytes, &out->replayed) : STATUS_UNSUPPORTED;
    case EVENT_RESOLVED:
        return version == 1 ? event_resolved_decode(in, bytes, &out->resolved) : STATUS_UNSUPPORTED;
    case EVENT_SESSION_NOTED:
        return version == 1 ? event_session_noted_decode(in, bytes, &out->session_noted)
                            : STATUS_UNSUPPORTED;
    case EVENT_SESSION_RESERVED:
        return version == 1 ? event_session_reserved_decode(in, bytes, &out->session_reserved)
                            : STATUS_UNSUPPORTED;
    case EVENT_SESSION_FILLED:
        return version == 1 ? event_session_filled_decode(in, bytes, &out->session_filled)
                            : STATUS_UNSUPPORTED;
    case EVENT_GROUP_SET:
        return version == 1 ? event_group_set_decode(in, bytes, &out->group_set)
                            : STATUS_UNSUPPORTED;
    case EVENT_PREVENTED:
        return version == 1 ? event_prevented_decode(in, bytes, &out->prevented)
                            : STATUS_UNSUPPORTED;
    case EVENT_LOGIC_CHANGED:
        return version == 1 ? event_logic_changed_decode(in, bytes, &out->logic_changed)
                            : STATUS_UNSUPPORTED;
    default:
        return STATUS_UNSUPPORTED;
    }
}

size_t event_body_encode_as(uint8_t *out, const struct event *in, unsigned version)
{
    switch ((unsigned)in->header.id << 8 | version) {
    case EVENT_ACCOUNT_OPENED << 8 | 1:
        return event_account_opened_encode_v1(out, &in->account_opened);
    default:
        return event_body_encode(out, in);
    }
}

unsigned event_version_at(unsigned id, unsigned logic)
{
    (void)logic;
    switch (id) {
    case EVENT_VENUE_OPENED:
        return 1;
    case EVENT_ASSET_LISTED:
        return 1;
    case EVENT_INSTRUMENT_LISTED:
        return 1;
    case EVENT_ACCOUNT_OPENED:
        return logic >= 2 ? 2 : 1;
    case EVENT_SESSION_OPENED:
        return 1;
    case EVENT_DAY_ENDED:
        return 1;
    case EVENT_SOURCE_OPENED:
        return 1;
    case EVENT_REJECTED:
        return 1;
    case EVENT_ACCEPTED:
        return 1;
    case EVENT_RESTED:
        return 1;
    case EVENT_REDUCED:
        return 1;
    case EVENT_REMOVED:
        return 1;
    case EVENT_REPLACED:
        return 1;
    case EVENT_TRADE:
        return 1;
    case EVENT_CANCELLED:
        return 1;
    case EVENT_PHASE:
        return 1;
    case EVENT_SESSION_CLOSED:
        return 1;
    case EVENT_MASS_CANCELLED:
        return 1;
    case EVENT_DEAD_MAN_SET:
        return 1;
    case EVENT_BLOCK_SET:
        return 1;
    case EVENT_REPLAYED:
        return 1;
    case EVENT_RESOLVED:
        return 1;
    case EVENT_SESSION_NOTED:
        return 1;
    case EVENT_SESSION_RESERVED:
        return 1;
    case EVENT_SESSION_FILLED:
        return 1;
    case EVENT_GROUP_SET:
        return 1;
    case EVENT_PREVENTED:
        return 1;
    case EVENT_LOGIC_CHANGED:
        return 1;
    default:
        return 0;
    }
}

bool event_fixed_bytes(unsigned id, unsigned version, size_t *out_bytes)
{
    if (version > UINT8_MAX) {
        return false;
    }
    switch (id << 8 | version) {
    case EVENT_VENUE_OPENED << 8 | 1:
        *out_bytes = 4;
        return true;
    case EVENT_ASSET_LISTED << 8 | 1:
        *out_bytes = 21;
        return true;
    case EVENT_INSTRUMENT_LISTED << 8 | 1:
        *out_bytes = 80;
        return true;
    case EVENT_ACCOUNT_OPENED << 8 | 1:
        *out_bytes = 12;
        return true;
    case EVENT_ACCOUNT_OPENED << 8 | 2:
        *out_bytes = 16;
        return true;
    case EVENT_SESSION_OPENED << 8 | 1:
        *out_bytes = 16;
        return true;
    case EVENT_DAY_ENDED << 8 | 1:
        *out_bytes = 8;
        return true;
    case EVENT_SOURCE_OPENED << 8 | 1:
        *out_bytes = 2;
        return true;
    case EVENT_REJECTED << 8 | 1:
        *out_bytes = 39;
        return true;
    case EVENT_ACCEPTED << 8 | 1:
        *out_bytes = 62;
        return true;
    case EVENT_RESTED << 8 | 1:
        *out_bytes = 29;
        return true;
    case EVENT_REDUCED << 8 | 1:
        *out_bytes = 38;
        return true;
    case EVENT_REMOVED << 8 | 1:
        *out_bytes = 30;
        return true;
    case EVENT_REPLACED << 8 | 1:
        *out_bytes = 42;
        return true;
    case EVENT_TRADE << 8 | 1:
        *out_bytes = 85;
        return true;
    case EVENT_CANCELLED << 8 | 1:
        *out_bytes = 22;
        return true;
    case EVENT_PHASE << 8 | 1:
        *out_bytes = 6;
        return true;
    case EVENT_SESSION_CLOSED << 8 | 1:
        *out_bytes = 13;
        return true;
    case EVENT_MASS_CANCELLED << 8 | 1:
        *out_bytes = 37;
        return true;
    case EVENT_DEAD_MAN_SET << 8 | 1:
        *out_bytes = 8;
        return true;
    case EVENT_BLOCK_SET << 8 | 1:
        *out_bytes = 10;
        return true;
    case EVENT_REPLAYED << 8 | 1:
        *out_bytes = 23;
        return true;
    case EVENT_RESOLVED << 8 | 1:
        *out_bytes = 22;
        return true;
    case EVENT_SESSION_NOTED << 8 | 1:
        *out_bytes = 9;
        return true;
    case EVENT_SESSION_RESERVED << 8 | 1:
        *out_bytes = 10;
        return true;
    case EVENT_SESSION_FILLED << 8 | 1:
        *out_bytes = 18;
        return true;
    case EVENT_GROUP_SET << 8 | 1:
        *out_bytes = 5;
        return true;
    case EVENT_PREVENTED << 8 | 1:
        *out_bytes = 90;
        return true;
    case EVENT_LOGIC_CHANGED << 8 | 1:
        *out_bytes = 4;
        return true;
    default:
        return false;
    }
}
