/* SPDX-License-Identifier: Apache-2.0
 * Written by tools/schemagen from schema/events.def: do not edit. */
#include "wire/native/event_codec.h"

#define VERSIONS 2

static const struct {
    uint16_t fixed_bytes;
    uint8_t logic; /* 0 = no such version */
} layouts[EVENT_KIND_COUNT + 1][VERSIONS] = {
    [EVENT_VENUE_OPENED] = {{4, 1}},       [EVENT_ASSET_LISTED] = {{21, 1}},
    [EVENT_INSTRUMENT_LISTED] = {{80, 1}}, [EVENT_ACCOUNT_OPENED] = {{12, 1}, {16, 2}},
    [EVENT_SESSION_OPENED] = {{16, 1}},    [EVENT_DAY_ENDED] = {{8, 1}},
    [EVENT_SOURCE_OPENED] = {{2, 1}},      [EVENT_REJECTED] = {{39, 1}},
    [EVENT_ACCEPTED] = {{62, 1}},          [EVENT_RESTED] = {{29, 1}},
    [EVENT_REDUCED] = {{38, 1}},           [EVENT_REMOVED] = {{30, 1}},
    [EVENT_REPLACED] = {{42, 1}},          [EVENT_TRADE] = {{85, 1}},
    [EVENT_CANCELLED] = {{22, 1}},         [EVENT_PHASE] = {{6, 1}},
    [EVENT_SESSION_CLOSED] = {{13, 1}},    [EVENT_MASS_CANCELLED] = {{37, 1}},
    [EVENT_DEAD_MAN_SET] = {{8, 1}},       [EVENT_BLOCK_SET] = {{10, 1}},
    [EVENT_REPLAYED] = {{23, 1}},          [EVENT_RESOLVED] = {{22, 1}},
    [EVENT_SESSION_NOTED] = {{9, 1}},      [EVENT_SESSION_RESERVED] = {{10, 1}},
    [EVENT_SESSION_FILLED] = {{18, 1}},    [EVENT_GROUP_SET] = {{5, 1}},
    [EVENT_PREVENTED] = {{90, 1}},         [EVENT_LOGIC_CHANGED] = {{4, 1}},
};

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
    unsigned version = id <= EVENT_KIND_COUNT ? VERSIONS : 0;
    while (version > 0 &&
           (layouts[id][version - 1].logic == 0 || layouts[id][version - 1].logic > logic)) {
        version--;
    }
    return version;
}

bool event_fixed_bytes(unsigned id, unsigned version, size_t *out_bytes)
{
    if (id > EVENT_KIND_COUNT || version < 1 || version > VERSIONS ||
        layouts[id][version - 1].logic == 0) {
        return false;
    }
    *out_bytes = layouts[id][version - 1].fixed_bytes;
    return true;
}
