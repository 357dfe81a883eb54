/* SPDX-License-Identifier: Apache-2.0
 * Written by tools/schemagen from schema/events.def: do not edit. */
#include "wire/native/event_codec.h"

static ALWAYS_INLINE UNUSED bool side_valid(unsigned value)
{
    return value < 64 && ((UINT64_C(0) | UINT64_C(1) << 1 | UINT64_C(1) << 2) >> value & 1) != 0;
}

static ALWAYS_INLINE UNUSED bool order_type_valid(unsigned value)
{
    return value < 64 && ((UINT64_C(0) | UINT64_C(1) << 1 | UINT64_C(1) << 2) >> value & 1) != 0;
}

static ALWAYS_INLINE UNUSED bool time_in_force_valid(unsigned value)
{
    return value < 64 && ((UINT64_C(0) | UINT64_C(1) << 1 | UINT64_C(1) << 2 | UINT64_C(1) << 3 |
                           UINT64_C(1) << 4 | UINT64_C(1) << 5) >>
                              value &
                          1) != 0;
}

static ALWAYS_INLINE UNUSED bool post_only_valid(unsigned value)
{
    return value < 64 &&
           ((UINT64_C(0) | UINT64_C(1) << 0 | UINT64_C(1) << 1 | UINT64_C(1) << 2) >> value & 1) !=
               0;
}

static ALWAYS_INLINE UNUSED bool capacity_valid(unsigned value)
{
    return value < 64 &&
           ((UINT64_C(0) | UINT64_C(1) << 1 | UINT64_C(1) << 2 | UINT64_C(1) << 3) >> value & 1) !=
               0;
}

static ALWAYS_INLINE UNUSED bool place_valid(unsigned value)
{
    return value < 64 && ((UINT64_C(0) | UINT64_C(1) << 1 | UINT64_C(1) << 2) >> value & 1) != 0;
}

static ALWAYS_INLINE UNUSED bool reason_valid(unsigned value)
{
    return value < 64 &&
           ((UINT64_C(0) | UINT64_C(1) << 1 | UINT64_C(1) << 2 | UINT64_C(1) << 3 |
             UINT64_C(1) << 4 | UINT64_C(1) << 5 | UINT64_C(1) << 6 | UINT64_C(1) << 7 |
             UINT64_C(1) << 8 | UINT64_C(1) << 9 | UINT64_C(1) << 10 | UINT64_C(1) << 11 |
             UINT64_C(1) << 12 | UINT64_C(1) << 13 | UINT64_C(1) << 14 | UINT64_C(1) << 15) >>
                value &
            1) != 0;
}

static ALWAYS_INLINE UNUSED bool on_disconnect_valid(unsigned value)
{
    return value < 64 &&
           ((UINT64_C(0) | UINT64_C(1) << 0 | UINT64_C(1) << 1 | UINT64_C(1) << 2) >> value & 1) !=
               0;
}

static ALWAYS_INLINE UNUSED bool phase_valid(unsigned value)
{
    return value < 64 &&
           ((UINT64_C(0) | UINT64_C(1) << 1 | UINT64_C(1) << 2 | UINT64_C(1) << 3) >> value & 1) !=
               0;
}

static ALWAYS_INLINE UNUSED bool phase_reason_valid(unsigned value)
{
    return value < 64 && ((UINT64_C(0) | UINT64_C(1) << 1 | UINT64_C(1) << 2 | UINT64_C(1) << 3 |
                           UINT64_C(1) << 4 | UINT64_C(1) << 5) >>
                              value &
                          1) != 0;
}

static ALWAYS_INLINE UNUSED bool session_end_valid(unsigned value)
{
    return value < 64 && ((UINT64_C(0) | UINT64_C(1) << 1 | UINT64_C(1) << 2 | UINT64_C(1) << 3 |
                           UINT64_C(1) << 4 | UINT64_C(1) << 5) >>
                              value &
                          1) != 0;
}

static ALWAYS_INLINE UNUSED bool block_target_valid(unsigned value)
{
    return value < 64 &&
           ((UINT64_C(0) | UINT64_C(1) << 1 | UINT64_C(1) << 2 | UINT64_C(1) << 3) >> value & 1) !=
               0;
}

static ALWAYS_INLINE UNUSED bool admin_kind_valid(unsigned value)
{
    return value < 64 &&
           ((UINT64_C(0) | UINT64_C(1) << 1 | UINT64_C(1) << 2 | UINT64_C(1) << 3) >> value & 1) !=
               0;
}

static ALWAYS_INLINE UNUSED bool session_note_valid(unsigned value)
{
    return value < 64 &&
           ((UINT64_C(0) | UINT64_C(1) << 0 | UINT64_C(1) << 1 | UINT64_C(1) << 2) >> value & 1) !=
               0;
}

static ALWAYS_INLINE UNUSED bool self_trade_valid(unsigned value)
{
    return value < 64 && ((UINT64_C(0) | UINT64_C(1) << 0 | UINT64_C(1) << 1 | UINT64_C(1) << 2 |
                           UINT64_C(1) << 3 | UINT64_C(1) << 4) >>
                              value &
                          1) != 0;
}

static unsigned validate_venue_opened(const struct event_venue_opened *in)
{
    (void)in;
    return 0;
}

static unsigned validate_asset_listed(const struct event_asset_listed *in)
{
    (void)in;
    if (UNLIKELY(!chars16_valid(&in->code))) {
        return 3;
    }
    return 0;
}

static unsigned validate_instrument_listed(const struct event_instrument_listed *in)
{
    (void)in;
    if (UNLIKELY(in->negative_prices > 1)) {
        return 6;
    }
    if (UNLIKELY(in->itch > 1)) {
        return 7;
    }
    if (UNLIKELY(!chars16_valid(&in->symbol))) {
        return 14;
    }
    return 0;
}

static unsigned validate_account_opened(const struct event_account_opened *in)
{
    (void)in;
    return 0;
}

static unsigned validate_session_opened(const struct event_session_opened *in)
{
    (void)in;
    return 0;
}

static unsigned validate_day_ended(const struct event_day_ended *in)
{
    (void)in;
    return 0;
}

static unsigned validate_source_opened(const struct event_source_opened *in)
{
    (void)in;
    return 0;
}

static unsigned validate_rejected(const struct event_rejected *in)
{
    (void)in;
    if (UNLIKELY(!text36_valid(&in->client_order_id))) {
        return 9;
    }
    if (UNLIKELY(!text36_valid(&in->new_client_order_id))) {
        return 10;
    }
    return 0;
}

static unsigned validate_accepted(const struct event_accepted *in)
{
    (void)in;
    if (UNLIKELY(!side_valid((unsigned)in->side))) {
        return 11;
    }
    if (UNLIKELY(!order_type_valid((unsigned)in->order_type))) {
        return 12;
    }
    if (UNLIKELY(!time_in_force_valid((unsigned)in->time_in_force))) {
        return 13;
    }
    if (UNLIKELY(!post_only_valid((unsigned)in->post_only))) {
        return 14;
    }
    if (UNLIKELY(!capacity_valid((unsigned)in->capacity))) {
        return 15;
    }
    if (UNLIKELY(in->cancel_on_disconnect > 1)) {
        return 16;
    }
    if (UNLIKELY(!text36_valid(&in->client_order_id))) {
        return 17;
    }
    return 0;
}

static unsigned validate_rested(const struct event_rested *in)
{
    (void)in;
    if (UNLIKELY(!side_valid((unsigned)in->side))) {
        return 5;
    }
    return 0;
}

static unsigned validate_reduced(const struct event_reduced *in)
{
    (void)in;
    if (UNLIKELY(!side_valid((unsigned)in->side))) {
        return 6;
    }
    if (UNLIKELY(!reason_valid((unsigned)in->reason))) {
        return 7;
    }
    return 0;
}

static unsigned validate_removed(const struct event_removed *in)
{
    (void)in;
    if (UNLIKELY(!side_valid((unsigned)in->side))) {
        return 5;
    }
    if (UNLIKELY(!reason_valid((unsigned)in->reason))) {
        return 6;
    }
    return 0;
}

static unsigned validate_replaced(const struct event_replaced *in)
{
    (void)in;
    if (UNLIKELY(!side_valid((unsigned)in->side))) {
        return 7;
    }
    if (UNLIKELY(!place_valid((unsigned)in->place))) {
        return 8;
    }
    if (UNLIKELY(!text36_valid(&in->client_order_id))) {
        return 9;
    }
    return 0;
}

static unsigned validate_trade(const struct event_trade *in)
{
    (void)in;
    if (UNLIKELY(!side_valid((unsigned)in->taker_side))) {
        return 13;
    }
    return 0;
}

static unsigned validate_cancelled(const struct event_cancelled *in)
{
    (void)in;
    if (UNLIKELY(!side_valid((unsigned)in->side))) {
        return 4;
    }
    if (UNLIKELY(!reason_valid((unsigned)in->reason))) {
        return 5;
    }
    return 0;
}

static unsigned validate_phase(const struct event_phase *in)
{
    (void)in;
    if (UNLIKELY(!phase_valid((unsigned)in->phase))) {
        return 2;
    }
    if (UNLIKELY(!phase_reason_valid((unsigned)in->reason))) {
        return 3;
    }
    return 0;
}

static unsigned validate_session_closed(const struct event_session_closed *in)
{
    (void)in;
    if (UNLIKELY(!session_end_valid((unsigned)in->reason))) {
        return 4;
    }
    return 0;
}

static unsigned validate_mass_cancelled(const struct event_mass_cancelled *in)
{
    (void)in;
    return 0;
}

static unsigned validate_dead_man_set(const struct event_dead_man_set *in)
{
    (void)in;
    return 0;
}

static unsigned validate_block_set(const struct event_block_set *in)
{
    (void)in;
    if (UNLIKELY(!block_target_valid((unsigned)in->target))) {
        return 2;
    }
    if (UNLIKELY(in->blocked > 1)) {
        return 3;
    }
    return 0;
}

static unsigned validate_replayed(const struct event_replayed *in)
{
    (void)in;
    if (UNLIKELY(!text36_valid(&in->client_order_id))) {
        return 6;
    }
    return 0;
}

static unsigned validate_resolved(const struct event_resolved *in)
{
    (void)in;
    if (UNLIKELY(!text36_valid(&in->client_order_id))) {
        return 5;
    }
    return 0;
}

static unsigned validate_session_noted(const struct event_session_noted *in)
{
    (void)in;
    if (UNLIKELY(!session_note_valid((unsigned)in->note))) {
        return 3;
    }
    return 0;
}

static unsigned validate_session_reserved(const struct event_session_reserved *in)
{
    (void)in;
    return 0;
}

static unsigned validate_session_filled(const struct event_session_filled *in)
{
    (void)in;
    return 0;
}

static unsigned validate_group_set(const struct event_group_set *in)
{
    (void)in;
    if (UNLIKELY(!self_trade_valid((unsigned)in->mode))) {
        return 2;
    }
    return 0;
}

static unsigned validate_prevented(const struct event_prevented *in)
{
    (void)in;
    if (UNLIKELY(!side_valid((unsigned)in->taker_side))) {
        return 14;
    }
    if (UNLIKELY(!self_trade_valid((unsigned)in->mode))) {
        return 15;
    }
    return 0;
}

static unsigned validate_logic_changed(const struct event_logic_changed *in)
{
    (void)in;
    return 0;
}

size_t event_body_encode(uint8_t *out, const struct event *in)
{
    switch (in->header.id) {
    case EVENT_VENUE_OPENED:
        return event_venue_opened_encode(out, &in->venue_opened);
    case EVENT_ASSET_LISTED:
        return event_asset_listed_encode(out, &in->asset_listed);
    case EVENT_INSTRUMENT_LISTED:
        return event_instrument_listed_encode(out, &in->instrument_listed);
    case EVENT_ACCOUNT_OPENED:
        return event_account_opened_encode(out, &in->account_opened);
    case EVENT_SESSION_OPENED:
        return event_session_opened_encode(out, &in->session_opened);
    case EVENT_DAY_ENDED:
        return event_day_ended_encode(out, &in->day_ended);
    case EVENT_SOURCE_OPENED:
        return event_source_opened_encode(out, &in->source_opened);
    case EVENT_REJECTED:
        return event_rejected_encode(out, &in->rejected);
    case EVENT_ACCEPTED:
        return event_accepted_encode(out, &in->accepted);
    case EVENT_RESTED:
        return event_rested_encode(out, &in->rested);
    case EVENT_REDUCED:
        return event_reduced_encode(out, &in->reduced);
    case EVENT_REMOVED:
        return event_removed_encode(out, &in->removed);
    case EVENT_REPLACED:
        return event_replaced_encode(out, &in->replaced);
    case EVENT_TRADE:
        return event_trade_encode(out, &in->trade);
    case EVENT_CANCELLED:
        return event_cancelled_encode(out, &in->cancelled);
    case EVENT_PHASE:
        return event_phase_encode(out, &in->phase);
    case EVENT_SESSION_CLOSED:
        return event_session_closed_encode(out, &in->session_closed);
    case EVENT_MASS_CANCELLED:
        return event_mass_cancelled_encode(out, &in->mass_cancelled);
    case EVENT_DEAD_MAN_SET:
        return event_dead_man_set_encode(out, &in->dead_man_set);
    case EVENT_BLOCK_SET:
        return event_block_set_encode(out, &in->block_set);
    case EVENT_REPLAYED:
        return event_replayed_encode(out, &in->replayed);
    case EVENT_RESOLVED:
        return event_resolved_encode(out, &in->resolved);
    case EVENT_SESSION_NOTED:
        return event_session_noted_encode(out, &in->session_noted);
    case EVENT_SESSION_RESERVED:
        return event_session_reserved_encode(out, &in->session_reserved);
    case EVENT_SESSION_FILLED:
        return event_session_filled_encode(out, &in->session_filled);
    case EVENT_GROUP_SET:
        return event_group_set_encode(out, &in->group_set);
    case EVENT_PREVENTED:
        return event_prevented_encode(out, &in->prevented);
    case EVENT_LOGIC_CHANGED:
        return event_logic_changed_encode(out, &in->logic_changed);
    default:
        return 0;
    }
}

unsigned event_validate(const struct event *in)
{
    switch (in->header.id) {
    case EVENT_VENUE_OPENED:
        return validate_venue_opened(&in->venue_opened);
    case EVENT_ASSET_LISTED:
        return validate_asset_listed(&in->asset_listed);
    case EVENT_INSTRUMENT_LISTED:
        return validate_instrument_listed(&in->instrument_listed);
    case EVENT_ACCOUNT_OPENED:
        return validate_account_opened(&in->account_opened);
    case EVENT_SESSION_OPENED:
        return validate_session_opened(&in->session_opened);
    case EVENT_DAY_ENDED:
        return validate_day_ended(&in->day_ended);
    case EVENT_SOURCE_OPENED:
        return validate_source_opened(&in->source_opened);
    case EVENT_REJECTED:
        return validate_rejected(&in->rejected);
    case EVENT_ACCEPTED:
        return validate_accepted(&in->accepted);
    case EVENT_RESTED:
        return validate_rested(&in->rested);
    case EVENT_REDUCED:
        return validate_reduced(&in->reduced);
    case EVENT_REMOVED:
        return validate_removed(&in->removed);
    case EVENT_REPLACED:
        return validate_replaced(&in->replaced);
    case EVENT_TRADE:
        return validate_trade(&in->trade);
    case EVENT_CANCELLED:
        return validate_cancelled(&in->cancelled);
    case EVENT_PHASE:
        return validate_phase(&in->phase);
    case EVENT_SESSION_CLOSED:
        return validate_session_closed(&in->session_closed);
    case EVENT_MASS_CANCELLED:
        return validate_mass_cancelled(&in->mass_cancelled);
    case EVENT_DEAD_MAN_SET:
        return validate_dead_man_set(&in->dead_man_set);
    case EVENT_BLOCK_SET:
        return validate_block_set(&in->block_set);
    case EVENT_REPLAYED:
        return validate_replayed(&in->replayed);
    case EVENT_RESOLVED:
        return validate_resolved(&in->resolved);
    case EVENT_SESSION_NOTED:
        return validate_session_noted(&in->session_noted);
    case EVENT_SESSION_RESERVED:
        return validate_session_reserved(&in->session_reserved);
    case EVENT_SESSION_FILLED:
        return validate_session_filled(&in->session_filled);
    case EVENT_GROUP_SET:
        return validate_group_set(&in->group_set);
    case EVENT_PREVENTED:
        return validate_prevented(&in->prevented);
    case EVENT_LOGIC_CHANGED:
        return validate_logic_changed(&in->logic_changed);
    default:
        return 1;
    }
}

const char *event_name(unsigned id)
{
    switch (id) {
    case EVENT_VENUE_OPENED:
        return "venue_opened";
    case EVENT_ASSET_LISTED:
        return "asset_listed";
    case EVENT_INSTRUMENT_LISTED:
        return "instrument_listed";
    case EVENT_ACCOUNT_OPENED:
        return "account_opened";
    case EVENT_SESSION_OPENED:
        return "session_opened";
    case EVENT_DAY_ENDED:
        return "day_ended";
    case EVENT_SOURCE_OPENED:
        return "source_opened";
    case EVENT_REJECTED:
        return "rejected";
    case EVENT_ACCEPTED:
        return "accepted";
    case EVENT_RESTED:
        return "rested";
    case EVENT_REDUCED:
        return "reduced";
    case EVENT_REMOVED:
        return "removed";
    case EVENT_REPLACED:
        return "replaced";
    case EVENT_TRADE:
        return "trade";
    case EVENT_CANCELLED:
        return "cancelled";
    case EVENT_PHASE:
        return "phase";
    case EVENT_SESSION_CLOSED:
        return "session_closed";
    case EVENT_MASS_CANCELLED:
        return "mass_cancelled";
    case EVENT_DEAD_MAN_SET:
        return "dead_man_set";
    case EVENT_BLOCK_SET:
        return "block_set";
    case EVENT_REPLAYED:
        return "replayed";
    case EVENT_RESOLVED:
        return "resolved";
    case EVENT_SESSION_NOTED:
        return "session_noted";
    case EVENT_SESSION_RESERVED:
        return "session_reserved";
    case EVENT_SESSION_FILLED:
        return "session_filled";
    case EVENT_GROUP_SET:
        return "group_set";
    case EVENT_PREVENTED:
        return "prevented";
    case EVENT_LOGIC_CHANGED:
        return "logic_changed";
    default:
        return NULL;
    }
}
