/* SPDX-License-Identifier: Apache-2.0
 * Written by tools/schemagen from schema/events.def: do not edit. */
#include "wire/native/command_codec.h"
#include "wire/native/describe.h"
#include "wire/native/event_codec.h"

#include <inttypes.h>

static void venue_opened_text(const struct event_venue_opened *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "shard=%u", (unsigned)m->shard);
    text_format(out, " logic_version=%u", (unsigned)m->logic_version);
}

static void asset_listed_text(const struct event_asset_listed *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "asset=%u", (unsigned)m->asset);
    text_format(out, " scale=%u", (unsigned)m->scale);
    text_format(out, " code=%.16s", m->code.bytes);
}

static void instrument_listed_text(const struct event_instrument_listed *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "instrument=%u", (unsigned)m->instrument);
    text_format(out, " base_asset=%u", (unsigned)m->base_asset);
    text_format(out, " quote_asset=%u", (unsigned)m->quote_asset);
    text_format(out, " price_scale=%u", (unsigned)m->price_scale);
    text_format(out, " quantity_scale=%u", (unsigned)m->quantity_scale);
    text_format(out, " negative_prices=%u", (unsigned)m->negative_prices);
    text_format(out, " itch=%u", (unsigned)m->itch);
    text_add(out, " tick=");
    describe_price(m->tick, out);
    text_add(out, " lowest_price=");
    describe_price(m->lowest_price, out);
    text_add(out, " highest_price=");
    describe_price(m->highest_price, out);
    text_format(out, " lot=%" PRId64, m->lot.lots);
    text_format(out, " largest_quantity=%" PRId64, m->largest_quantity.lots);
    text_format(out, " multiplier=%" PRId64, m->multiplier);
    text_format(out, " symbol=%.16s", m->symbol.bytes);
}

static void account_opened_text(const struct event_account_opened *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "account=%" PRIu64 "", m->account);
    text_format(out, " participant=%u", (unsigned)m->participant);
    text_format(out, " self_trade_group=%u", (unsigned)m->self_trade_group);
}

static void session_opened_text(const struct event_session_opened *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "session=%u", (unsigned)m->session);
    text_format(out, " incarnation=%u", (unsigned)m->incarnation);
    text_format(out, " participant=%u", (unsigned)m->participant);
    text_format(out, " user=%u", (unsigned)m->user);
}

static void day_ended_text(const struct event_day_ended *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "trading_day=%u", (unsigned)m->trading_day);
    text_format(out, " orders_expired=%u", (unsigned)m->orders_expired);
}

static void source_opened_text(const struct event_source_opened *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "source=%u", (unsigned)m->source);
}

static void rejected_text(const struct event_rejected *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "account=%" PRIu64 "", m->account);
    text_format(out, " limit=%" PRId64, m->limit);
    text_format(out, " value=%" PRId64, m->value);
    text_format(out, " session=%u", (unsigned)m->session);
    text_format(out, " instrument=%u", (unsigned)m->instrument);
    text_format(out, " budget=%u", (unsigned)m->budget);
    text_format(out, " code=%s", name_or_number(reject_name(m->code)));
    text_format(out, " command=%s", name_or_number(command_name(m->command)));
    text_format(out, " client_order_id=%.*s", (int)m->client_order_id.count,
                m->client_order_id.bytes);
    text_format(out, " new_client_order_id=%.*s", (int)m->new_client_order_id.count,
                m->new_client_order_id.bytes);
}

static void accepted_text(const struct event_accepted *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "account=%" PRIu64 "", m->account);
    text_add(out, " price=");
    describe_price(m->price, out);
    text_format(out, " quantity=%" PRId64, m->quantity.lots);
    text_format(out, " expire_time=%" PRIu64, m->expire_time);
    text_format(out, " instrument=%u", (unsigned)m->instrument);
    text_format(out, " session=%u", (unsigned)m->session);
    text_format(out, " participant=%u", (unsigned)m->participant);
    text_format(out, " user=%u", (unsigned)m->user);
    text_format(out, " self_trade_group=%u", (unsigned)m->self_trade_group);
    text_format(out, " budget=%u", (unsigned)m->budget);
    text_format(out, " side=%s", name_or_number(side_name((unsigned)m->side)));
    text_format(out, " order_type=%s", name_or_number(order_type_name((unsigned)m->order_type)));
    text_format(out, " time_in_force=%s",
                name_or_number(time_in_force_name((unsigned)m->time_in_force)));
    text_format(out, " post_only=%s", name_or_number(post_only_name((unsigned)m->post_only)));
    text_format(out, " capacity=%s", name_or_number(capacity_name((unsigned)m->capacity)));
    text_format(out, " cancel_on_disconnect=%u", (unsigned)m->cancel_on_disconnect);
    text_format(out, " client_order_id=%.*s", (int)m->client_order_id.count,
                m->client_order_id.bytes);
}

static void rested_text(const struct event_rested *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "order_id=%" PRIu64 "", m->order_id);
    text_add(out, " price=");
    describe_price(m->price, out);
    text_format(out, " quantity=%" PRId64, m->quantity.lots);
    text_format(out, " instrument=%u", (unsigned)m->instrument);
    text_format(out, " side=%s", name_or_number(side_name((unsigned)m->side)));
}

static void reduced_text(const struct event_reduced *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "order_id=%" PRIu64 "", m->order_id);
    text_format(out, " reference=%" PRIu64 "", m->reference);
    text_format(out, " quantity=%" PRId64, m->quantity.lots);
    text_format(out, " remaining=%" PRId64, m->remaining.lots);
    text_format(out, " instrument=%u", (unsigned)m->instrument);
    text_format(out, " side=%s", name_or_number(side_name((unsigned)m->side)));
    text_format(out, " reason=%s", name_or_number(reason_name((unsigned)m->reason)));
}

static void removed_text(const struct event_removed *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "order_id=%" PRIu64 "", m->order_id);
    text_format(out, " reference=%" PRIu64 "", m->reference);
    text_format(out, " quantity=%" PRId64, m->quantity.lots);
    text_format(out, " instrument=%u", (unsigned)m->instrument);
    text_format(out, " side=%s", name_or_number(side_name((unsigned)m->side)));
    text_format(out, " reason=%s", name_or_number(reason_name((unsigned)m->reason)));
}

static void replaced_text(const struct event_replaced *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "order_id=%" PRIu64 "", m->order_id);
    text_add(out, " price=");
    describe_price(m->price, out);
    text_format(out, " quantity=%" PRId64, m->quantity.lots);
    text_format(out, " remaining=%" PRId64, m->remaining.lots);
    text_format(out, " instrument=%u", (unsigned)m->instrument);
    text_format(out, " budget=%u", (unsigned)m->budget);
    text_format(out, " side=%s", name_or_number(side_name((unsigned)m->side)));
    text_format(out, " place=%s", name_or_number(place_name((unsigned)m->place)));
    text_format(out, " client_order_id=%.*s", (int)m->client_order_id.count,
                m->client_order_id.bytes);
}

static void trade_text(const struct event_trade *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "maker_order_id=%" PRIu64 "", m->maker_order_id);
    text_format(out, " maker_reference=%" PRIu64 "", m->maker_reference);
    text_format(out, " taker_order_id=%" PRIu64 "", m->taker_order_id);
    text_add(out, " price=");
    describe_price(m->price, out);
    text_format(out, " quantity=%" PRId64, m->quantity.lots);
    text_format(out, " maker_remaining=%" PRId64, m->maker_remaining.lots);
    text_format(out, " taker_remaining=%" PRId64, m->taker_remaining.lots);
    text_format(out, " maker_account=%" PRIu64 "", m->maker_account);
    text_format(out, " taker_account=%" PRIu64 "", m->taker_account);
    text_format(out, " maker_session=%u", (unsigned)m->maker_session);
    text_format(out, " taker_session=%u", (unsigned)m->taker_session);
    text_format(out, " instrument=%u", (unsigned)m->instrument);
    text_format(out, " taker_side=%s", name_or_number(side_name((unsigned)m->taker_side)));
}

static void cancelled_text(const struct event_cancelled *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "order_id=%" PRIu64 "", m->order_id);
    text_format(out, " quantity=%" PRId64, m->quantity.lots);
    text_format(out, " instrument=%u", (unsigned)m->instrument);
    text_format(out, " side=%s", name_or_number(side_name((unsigned)m->side)));
    text_format(out, " reason=%s", name_or_number(reason_name((unsigned)m->reason)));
}

static void phase_text(const struct event_phase *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "instrument=%u", (unsigned)m->instrument);
    text_format(out, " phase=%s", name_or_number(phase_name((unsigned)m->phase)));
    text_format(out, " reason=%s", name_or_number(phase_reason_name((unsigned)m->reason)));
}

static void session_closed_text(const struct event_session_closed *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "session=%u", (unsigned)m->session);
    text_format(out, " incarnation=%u", (unsigned)m->incarnation);
    text_format(out, " orders=%u", (unsigned)m->orders);
    text_format(out, " reason=%s", name_or_number(session_end_name((unsigned)m->reason)));
}

static void mass_cancelled_text(const struct event_mass_cancelled *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "account=%" PRIu64 "", m->account);
    text_format(out, " tag=%" PRIu64 "", m->tag);
    text_format(out, " asked_by=%u", (unsigned)m->asked_by);
    text_format(out, " participant=%u", (unsigned)m->participant);
    text_format(out, " instrument=%u", (unsigned)m->instrument);
    text_format(out, " session=%u", (unsigned)m->session);
    text_format(out, " orders=%u", (unsigned)m->orders);
    text_format(out, " side=%u", (unsigned)m->side);
}

static void dead_man_set_text(const struct event_dead_man_set *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "session=%u", (unsigned)m->session);
    text_format(out, " timeout_ms=%u", (unsigned)m->timeout_ms);
}

static void block_set_text(const struct event_block_set *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "number=%" PRIu64 "", m->number);
    text_format(out, " target=%s", name_or_number(block_target_name((unsigned)m->target)));
    text_format(out, " blocked=%u", (unsigned)m->blocked);
}

static void replayed_text(const struct event_replayed *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "account=%" PRIu64 "", m->account);
    text_format(out, " event_sequence=%" PRIu64 "", m->event_sequence);
    text_format(out, " session=%u", (unsigned)m->session);
    text_format(out, " code=%s", name_or_number(reject_name(m->code)));
    text_format(out, " command=%s", name_or_number(command_name(m->command)));
    text_format(out, " client_order_id=%.*s", (int)m->client_order_id.count,
                m->client_order_id.bytes);
}

static void resolved_text(const struct event_resolved *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "account=%" PRIu64 "", m->account);
    text_format(out, " event_sequence=%" PRIu64 "", m->event_sequence);
    text_format(out, " session=%u", (unsigned)m->session);
    text_format(out, " code=%s", name_or_number(reject_name(m->code)));
    text_format(out, " client_order_id=%.*s", (int)m->client_order_id.count,
                m->client_order_id.bytes);
}

static void session_noted_text(const struct event_session_noted *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "session=%u", (unsigned)m->session);
    text_format(out, " incarnation=%u", (unsigned)m->incarnation);
    text_format(out, " note=%s", name_or_number(session_note_name((unsigned)m->note)));
}

static void session_reserved_text(const struct event_session_reserved *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "session=%u", (unsigned)m->session);
    text_format(out, " incarnation=%u", (unsigned)m->incarnation);
    text_format(out, " place=%u", (unsigned)m->place);
    text_format(out, " count=%u", (unsigned)m->count);
}

static void session_filled_text(const struct event_session_filled *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "first_event=%" PRIu64 "", m->first_event);
    text_format(out, " session=%u", (unsigned)m->session);
    text_format(out, " incarnation=%u", (unsigned)m->incarnation);
    text_format(out, " used=%u", (unsigned)m->used);
    text_format(out, " unused=%u", (unsigned)m->unused);
}

static void group_set_text(const struct event_group_set *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "self_trade_group=%u", (unsigned)m->self_trade_group);
    text_format(out, " mode=%s", name_or_number(self_trade_name((unsigned)m->mode)));
}

static void prevented_text(const struct event_prevented *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "maker_order_id=%" PRIu64 "", m->maker_order_id);
    text_format(out, " maker_reference=%" PRIu64 "", m->maker_reference);
    text_format(out, " taker_order_id=%" PRIu64 "", m->taker_order_id);
    text_add(out, " price=");
    describe_price(m->price, out);
    text_format(out, " quantity=%" PRId64, m->quantity.lots);
    text_format(out, " maker_cancelled=%" PRId64, m->maker_cancelled.lots);
    text_format(out, " taker_cancelled=%" PRId64, m->taker_cancelled.lots);
    text_format(out, " maker_remaining=%" PRId64, m->maker_remaining.lots);
    text_format(out, " taker_remaining=%" PRId64, m->taker_remaining.lots);
    text_format(out, " maker_session=%u", (unsigned)m->maker_session);
    text_format(out, " taker_session=%u", (unsigned)m->taker_session);
    text_format(out, " instrument=%u", (unsigned)m->instrument);
    text_format(out, " self_trade_group=%u", (unsigned)m->self_trade_group);
    text_format(out, " taker_side=%s", name_or_number(side_name((unsigned)m->taker_side)));
    text_format(out, " mode=%s", name_or_number(self_trade_name((unsigned)m->mode)));
}

static void logic_changed_text(const struct event_logic_changed *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "before=%u", (unsigned)m->before);
    text_format(out, " logic_version=%u", (unsigned)m->logic_version);
}

void event_describe_text(const struct event *in, struct text *out)
{
    event_header_describe_text(&in->header, event_name(in->header.id), out);
    switch (in->header.id) {
    case EVENT_VENUE_OPENED:
        venue_opened_text(&in->venue_opened, out);
        break;
    case EVENT_ASSET_LISTED:
        asset_listed_text(&in->asset_listed, out);
        break;
    case EVENT_INSTRUMENT_LISTED:
        instrument_listed_text(&in->instrument_listed, out);
        break;
    case EVENT_ACCOUNT_OPENED:
        account_opened_text(&in->account_opened, out);
        break;
    case EVENT_SESSION_OPENED:
        session_opened_text(&in->session_opened, out);
        break;
    case EVENT_DAY_ENDED:
        day_ended_text(&in->day_ended, out);
        break;
    case EVENT_SOURCE_OPENED:
        source_opened_text(&in->source_opened, out);
        break;
    case EVENT_REJECTED:
        rejected_text(&in->rejected, out);
        break;
    case EVENT_ACCEPTED:
        accepted_text(&in->accepted, out);
        break;
    case EVENT_RESTED:
        rested_text(&in->rested, out);
        break;
    case EVENT_REDUCED:
        reduced_text(&in->reduced, out);
        break;
    case EVENT_REMOVED:
        removed_text(&in->removed, out);
        break;
    case EVENT_REPLACED:
        replaced_text(&in->replaced, out);
        break;
    case EVENT_TRADE:
        trade_text(&in->trade, out);
        break;
    case EVENT_CANCELLED:
        cancelled_text(&in->cancelled, out);
        break;
    case EVENT_PHASE:
        phase_text(&in->phase, out);
        break;
    case EVENT_SESSION_CLOSED:
        session_closed_text(&in->session_closed, out);
        break;
    case EVENT_MASS_CANCELLED:
        mass_cancelled_text(&in->mass_cancelled, out);
        break;
    case EVENT_DEAD_MAN_SET:
        dead_man_set_text(&in->dead_man_set, out);
        break;
    case EVENT_BLOCK_SET:
        block_set_text(&in->block_set, out);
        break;
    case EVENT_REPLAYED:
        replayed_text(&in->replayed, out);
        break;
    case EVENT_RESOLVED:
        resolved_text(&in->resolved, out);
        break;
    case EVENT_SESSION_NOTED:
        session_noted_text(&in->session_noted, out);
        break;
    case EVENT_SESSION_RESERVED:
        session_reserved_text(&in->session_reserved, out);
        break;
    case EVENT_SESSION_FILLED:
        session_filled_text(&in->session_filled, out);
        break;
    case EVENT_GROUP_SET:
        group_set_text(&in->group_set, out);
        break;
    case EVENT_PREVENTED:
        prevented_text(&in->prevented, out);
        break;
    case EVENT_LOGIC_CHANGED:
        logic_changed_text(&in->logic_changed, out);
        break;
    default:
        break;
    }
}

static void venue_opened_json(const struct event_venue_opened *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"shard\":%u", (unsigned)m->shard);
    text_format(out, ",\"logic_version\":%u", (unsigned)m->logic_version);
}

static void asset_listed_json(const struct event_asset_listed *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"asset\":%u", (unsigned)m->asset);
    text_format(out, ",\"scale\":%u", (unsigned)m->scale);
    text_add(out, ",\"code\":");
    text_add_json(out, m->code.bytes, strnlen(m->code.bytes, sizeof m->code.bytes));
}

static void instrument_listed_json(const struct event_instrument_listed *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"instrument\":%u", (unsigned)m->instrument);
    text_format(out, ",\"base_asset\":%u", (unsigned)m->base_asset);
    text_format(out, ",\"quote_asset\":%u", (unsigned)m->quote_asset);
    text_format(out, ",\"price_scale\":%u", (unsigned)m->price_scale);
    text_format(out, ",\"quantity_scale\":%u", (unsigned)m->quantity_scale);
    text_format(out, ",\"negative_prices\":%u", (unsigned)m->negative_prices);
    text_format(out, ",\"itch\":%u", (unsigned)m->itch);
    text_add(out, ",\"tick\":");
    describe_price(m->tick, out);
    text_add(out, ",\"lowest_price\":");
    describe_price(m->lowest_price, out);
    text_add(out, ",\"highest_price\":");
    describe_price(m->highest_price, out);
    text_format(out, ",\"lot\":%" PRId64, m->lot.lots);
    text_format(out, ",\"largest_quantity\":%" PRId64, m->largest_quantity.lots);
    text_format(out, ",\"multiplier\":%" PRId64, m->multiplier);
    text_add(out, ",\"symbol\":");
    text_add_json(out, m->symbol.bytes, strnlen(m->symbol.bytes, sizeof m->symbol.bytes));
}

static void account_opened_json(const struct event_account_opened *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"account\":\"%" PRIu64 "\"", m->account);
    text_format(out, ",\"participant\":%u", (unsigned)m->participant);
    text_format(out, ",\"self_trade_group\":%u", (unsigned)m->self_trade_group);
}

static void session_opened_json(const struct event_session_opened *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"session\":%u", (unsigned)m->session);
    text_format(out, ",\"incarnation\":%u", (unsigned)m->incarnation);
    text_format(out, ",\"participant\":%u", (unsigned)m->participant);
    text_format(out, ",\"user\":%u", (unsigned)m->user);
}

static void day_ended_json(const struct event_day_ended *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"trading_day\":%u", (unsigned)m->trading_day);
    text_format(out, ",\"orders_expired\":%u", (unsigned)m->orders_expired);
}

static void source_opened_json(const struct event_source_opened *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"source\":%u", (unsigned)m->source);
}

static void rejected_json(const struct event_rejected *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"account\":\"%" PRIu64 "\"", m->account);
    text_format(out, ",\"limit\":%" PRId64, m->limit);
    text_format(out, ",\"value\":%" PRId64, m->value);
    text_format(out, ",\"session\":%u", (unsigned)m->session);
    text_format(out, ",\"instrument\":%u", (unsigned)m->instrument);
    text_format(out, ",\"budget\":%u", (unsigned)m->budget);
    text_format(out, ",\"code\":\"%s\"", name_or_number(reject_name(m->code)));
    text_format(out, ",\"command\":\"%s\"", name_or_number(command_name(m->command)));
    text_add(out, ",\"client_order_id\":");
    text_add_json(out, m->client_order_id.bytes, m->client_order_id.count);
    text_add(out, ",\"new_client_order_id\":");
    text_add_json(out, m->new_client_order_id.bytes, m->new_client_order_id.count);
}

static void accepted_json(const struct event_accepted *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"account\":\"%" PRIu64 "\"", m->account);
    text_add(out, ",\"price\":");
    describe_price(m->price, out);
    text_format(out, ",\"quantity\":%" PRId64, m->quantity.lots);
    text_format(out, ",\"expire_time\":%" PRIu64, m->expire_time);
    text_format(out, ",\"instrument\":%u", (unsigned)m->instrument);
    text_format(out, ",\"session\":%u", (unsigned)m->session);
    text_format(out, ",\"participant\":%u", (unsigned)m->participant);
    text_format(out, ",\"user\":%u", (unsigned)m->user);
    text_format(out, ",\"self_trade_group\":%u", (unsigned)m->self_trade_group);
    text_format(out, ",\"budget\":%u", (unsigned)m->budget);
    text_format(out, ",\"side\":\"%s\"", name_or_number(side_name((unsigned)m->side)));
    text_format(out, ",\"order_type\":\"%s\"",
                name_or_number(order_type_name((unsigned)m->order_type)));
    text_format(out, ",\"time_in_force\":\"%s\"",
                name_or_number(time_in_force_name((unsigned)m->time_in_force)));
    text_format(out, ",\"post_only\":\"%s\"",
                name_or_number(post_only_name((unsigned)m->post_only)));
    text_format(out, ",\"capacity\":\"%s\"", name_or_number(capacity_name((unsigned)m->capacity)));
    text_format(out, ",\"cancel_on_disconnect\":%u", (unsigned)m->cancel_on_disconnect);
    text_add(out, ",\"client_order_id\":");
    text_add_json(out, m->client_order_id.bytes, m->client_order_id.count);
}

static void rested_json(const struct event_rested *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"order_id\":\"%" PRIu64 "\"", m->order_id);
    text_add(out, ",\"price\":");
    describe_price(m->price, out);
    text_format(out, ",\"quantity\":%" PRId64, m->quantity.lots);
    text_format(out, ",\"instrument\":%u", (unsigned)m->instrument);
    text_format(out, ",\"side\":\"%s\"", name_or_number(side_name((unsigned)m->side)));
}

static void reduced_json(const struct event_reduced *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"order_id\":\"%" PRIu64 "\"", m->order_id);
    text_format(out, ",\"reference\":\"%" PRIu64 "\"", m->reference);
    text_format(out, ",\"quantity\":%" PRId64, m->quantity.lots);
    text_format(out, ",\"remaining\":%" PRId64, m->remaining.lots);
    text_format(out, ",\"instrument\":%u", (unsigned)m->instrument);
    text_format(out, ",\"side\":\"%s\"", name_or_number(side_name((unsigned)m->side)));
    text_format(out, ",\"reason\":\"%s\"", name_or_number(reason_name((unsigned)m->reason)));
}

static void removed_json(const struct event_removed *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"order_id\":\"%" PRIu64 "\"", m->order_id);
    text_format(out, ",\"reference\":\"%" PRIu64 "\"", m->reference);
    text_format(out, ",\"quantity\":%" PRId64, m->quantity.lots);
    text_format(out, ",\"instrument\":%u", (unsigned)m->instrument);
    text_format(out, ",\"side\":\"%s\"", name_or_number(side_name((unsigned)m->side)));
    text_format(out, ",\"reason\":\"%s\"", name_or_number(reason_name((unsigned)m->reason)));
}

static void replaced_json(const struct event_replaced *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"order_id\":\"%" PRIu64 "\"", m->order_id);
    text_add(out, ",\"price\":");
    describe_price(m->price, out);
    text_format(out, ",\"quantity\":%" PRId64, m->quantity.lots);
    text_format(out, ",\"remaining\":%" PRId64, m->remaining.lots);
    text_format(out, ",\"instrument\":%u", (unsigned)m->instrument);
    text_format(out, ",\"budget\":%u", (unsigned)m->budget);
    text_format(out, ",\"side\":\"%s\"", name_or_number(side_name((unsigned)m->side)));
    text_format(out, ",\"place\":\"%s\"", name_or_number(place_name((unsigned)m->place)));
    text_add(out, ",\"client_order_id\":");
    text_add_json(out, m->client_order_id.bytes, m->client_order_id.count);
}

static void trade_json(const struct event_trade *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"maker_order_id\":\"%" PRIu64 "\"", m->maker_order_id);
    text_format(out, ",\"maker_reference\":\"%" PRIu64 "\"", m->maker_reference);
    text_format(out, ",\"taker_order_id\":\"%" PRIu64 "\"", m->taker_order_id);
    text_add(out, ",\"price\":");
    describe_price(m->price, out);
    text_format(out, ",\"quantity\":%" PRId64, m->quantity.lots);
    text_format(out, ",\"maker_remaining\":%" PRId64, m->maker_remaining.lots);
    text_format(out, ",\"taker_remaining\":%" PRId64, m->taker_remaining.lots);
    text_format(out, ",\"maker_account\":\"%" PRIu64 "\"", m->maker_account);
    text_format(out, ",\"taker_account\":\"%" PRIu64 "\"", m->taker_account);
    text_format(out, ",\"maker_session\":%u", (unsigned)m->maker_session);
    text_format(out, ",\"taker_session\":%u", (unsigned)m->taker_session);
    text_format(out, ",\"instrument\":%u", (unsigned)m->instrument);
    text_format(out, ",\"taker_side\":\"%s\"", name_or_number(side_name((unsigned)m->taker_side)));
}

static void cancelled_json(const struct event_cancelled *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"order_id\":\"%" PRIu64 "\"", m->order_id);
    text_format(out, ",\"quantity\":%" PRId64, m->quantity.lots);
    text_format(out, ",\"instrument\":%u", (unsigned)m->instrument);
    text_format(out, ",\"side\":\"%s\"", name_or_number(side_name((unsigned)m->side)));
    text_format(out, ",\"reason\":\"%s\"", name_or_number(reason_name((unsigned)m->reason)));
}

static void phase_json(const struct event_phase *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"instrument\":%u", (unsigned)m->instrument);
    text_format(out, ",\"phase\":\"%s\"", name_or_number(phase_name((unsigned)m->phase)));
    text_format(out, ",\"reason\":\"%s\"", name_or_number(phase_reason_name((unsigned)m->reason)));
}

static void session_closed_json(const struct event_session_closed *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"session\":%u", (unsigned)m->session);
    text_format(out, ",\"incarnation\":%u", (unsigned)m->incarnation);
    text_format(out, ",\"orders\":%u", (unsigned)m->orders);
    text_format(out, ",\"reason\":\"%s\"", name_or_number(session_end_name((unsigned)m->reason)));
}

static void mass_cancelled_json(const struct event_mass_cancelled *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"account\":\"%" PRIu64 "\"", m->account);
    text_format(out, ",\"tag\":\"%" PRIu64 "\"", m->tag);
    text_format(out, ",\"asked_by\":%u", (unsigned)m->asked_by);
    text_format(out, ",\"participant\":%u", (unsigned)m->participant);
    text_format(out, ",\"instrument\":%u", (unsigned)m->instrument);
    text_format(out, ",\"session\":%u", (unsigned)m->session);
    text_format(out, ",\"orders\":%u", (unsigned)m->orders);
    text_format(out, ",\"side\":%u", (unsigned)m->side);
}

static void dead_man_set_json(const struct event_dead_man_set *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"session\":%u", (unsigned)m->session);
    text_format(out, ",\"timeout_ms\":%u", (unsigned)m->timeout_ms);
}

static void block_set_json(const struct event_block_set *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"number\":\"%" PRIu64 "\"", m->number);
    text_format(out, ",\"target\":\"%s\"", name_or_number(block_target_name((unsigned)m->target)));
    text_format(out, ",\"blocked\":%u", (unsigned)m->blocked);
}

static void replayed_json(const struct event_replayed *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"account\":\"%" PRIu64 "\"", m->account);
    text_format(out, ",\"event_sequence\":\"%" PRIu64 "\"", m->event_sequence);
    text_format(out, ",\"session\":%u", (unsigned)m->session);
    text_format(out, ",\"code\":\"%s\"", name_or_number(reject_name(m->code)));
    text_format(out, ",\"command\":\"%s\"", name_or_number(command_name(m->command)));
    text_add(out, ",\"client_order_id\":");
    text_add_json(out, m->client_order_id.bytes, m->client_order_id.count);
}

static void resolved_json(const struct event_resolved *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"account\":\"%" PRIu64 "\"", m->account);
    text_format(out, ",\"event_sequence\":\"%" PRIu64 "\"", m->event_sequence);
    text_format(out, ",\"session\":%u", (unsigned)m->session);
    text_format(out, ",\"code\":\"%s\"", name_or_number(reject_name(m->code)));
    text_add(out, ",\"client_order_id\":");
    text_add_json(out, m->client_order_id.bytes, m->client_order_id.count);
}

static void session_noted_json(const struct event_session_noted *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"session\":%u", (unsigned)m->session);
    text_format(out, ",\"incarnation\":%u", (unsigned)m->incarnation);
    text_format(out, ",\"note\":\"%s\"", name_or_number(session_note_name((unsigned)m->note)));
}

static void session_reserved_json(const struct event_session_reserved *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"session\":%u", (unsigned)m->session);
    text_format(out, ",\"incarnation\":%u", (unsigned)m->incarnation);
    text_format(out, ",\"place\":%u", (unsigned)m->place);
    text_format(out, ",\"count\":%u", (unsigned)m->count);
}

static void session_filled_json(const struct event_session_filled *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"first_event\":\"%" PRIu64 "\"", m->first_event);
    text_format(out, ",\"session\":%u", (unsigned)m->session);
    text_format(out, ",\"incarnation\":%u", (unsigned)m->incarnation);
    text_format(out, ",\"used\":%u", (unsigned)m->used);
    text_format(out, ",\"unused\":%u", (unsigned)m->unused);
}

static void group_set_json(const struct event_group_set *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"self_trade_group\":%u", (unsigned)m->self_trade_group);
    text_format(out, ",\"mode\":\"%s\"", name_or_number(self_trade_name((unsigned)m->mode)));
}

static void prevented_json(const struct event_prevented *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"maker_order_id\":\"%" PRIu64 "\"", m->maker_order_id);
    text_format(out, ",\"maker_reference\":\"%" PRIu64 "\"", m->maker_reference);
    text_format(out, ",\"taker_order_id\":\"%" PRIu64 "\"", m->taker_order_id);
    text_add(out, ",\"price\":");
    describe_price(m->price, out);
    text_format(out, ",\"quantity\":%" PRId64, m->quantity.lots);
    text_format(out, ",\"maker_cancelled\":%" PRId64, m->maker_cancelled.lots);
    text_format(out, ",\"taker_cancelled\":%" PRId64, m->taker_cancelled.lots);
    text_format(out, ",\"maker_remaining\":%" PRId64, m->maker_remaining.lots);
    text_format(out, ",\"taker_remaining\":%" PRId64, m->taker_remaining.lots);
    text_format(out, ",\"maker_session\":%u", (unsigned)m->maker_session);
    text_format(out, ",\"taker_session\":%u", (unsigned)m->taker_session);
    text_format(out, ",\"instrument\":%u", (unsigned)m->instrument);
    text_format(out, ",\"self_trade_group\":%u", (unsigned)m->self_trade_group);
    text_format(out, ",\"taker_side\":\"%s\"", name_or_number(side_name((unsigned)m->taker_side)));
    text_format(out, ",\"mode\":\"%s\"", name_or_number(self_trade_name((unsigned)m->mode)));
}

static void logic_changed_json(const struct event_logic_changed *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"before\":%u", (unsigned)m->before);
    text_format(out, ",\"logic_version\":%u", (unsigned)m->logic_version);
}

void event_describe_json(const struct event *in, struct text *out)
{
    event_header_describe_json(&in->header, event_name(in->header.id), out);
    switch (in->header.id) {
    case EVENT_VENUE_OPENED:
        venue_opened_json(&in->venue_opened, out);
        break;
    case EVENT_ASSET_LISTED:
        asset_listed_json(&in->asset_listed, out);
        break;
    case EVENT_INSTRUMENT_LISTED:
        instrument_listed_json(&in->instrument_listed, out);
        break;
    case EVENT_ACCOUNT_OPENED:
        account_opened_json(&in->account_opened, out);
        break;
    case EVENT_SESSION_OPENED:
        session_opened_json(&in->session_opened, out);
        break;
    case EVENT_DAY_ENDED:
        day_ended_json(&in->day_ended, out);
        break;
    case EVENT_SOURCE_OPENED:
        source_opened_json(&in->source_opened, out);
        break;
    case EVENT_REJECTED:
        rejected_json(&in->rejected, out);
        break;
    case EVENT_ACCEPTED:
        accepted_json(&in->accepted, out);
        break;
    case EVENT_RESTED:
        rested_json(&in->rested, out);
        break;
    case EVENT_REDUCED:
        reduced_json(&in->reduced, out);
        break;
    case EVENT_REMOVED:
        removed_json(&in->removed, out);
        break;
    case EVENT_REPLACED:
        replaced_json(&in->replaced, out);
        break;
    case EVENT_TRADE:
        trade_json(&in->trade, out);
        break;
    case EVENT_CANCELLED:
        cancelled_json(&in->cancelled, out);
        break;
    case EVENT_PHASE:
        phase_json(&in->phase, out);
        break;
    case EVENT_SESSION_CLOSED:
        session_closed_json(&in->session_closed, out);
        break;
    case EVENT_MASS_CANCELLED:
        mass_cancelled_json(&in->mass_cancelled, out);
        break;
    case EVENT_DEAD_MAN_SET:
        dead_man_set_json(&in->dead_man_set, out);
        break;
    case EVENT_BLOCK_SET:
        block_set_json(&in->block_set, out);
        break;
    case EVENT_REPLAYED:
        replayed_json(&in->replayed, out);
        break;
    case EVENT_RESOLVED:
        resolved_json(&in->resolved, out);
        break;
    case EVENT_SESSION_NOTED:
        session_noted_json(&in->session_noted, out);
        break;
    case EVENT_SESSION_RESERVED:
        session_reserved_json(&in->session_reserved, out);
        break;
    case EVENT_SESSION_FILLED:
        session_filled_json(&in->session_filled, out);
        break;
    case EVENT_GROUP_SET:
        group_set_json(&in->group_set, out);
        break;
    case EVENT_PREVENTED:
        prevented_json(&in->prevented, out);
        break;
    case EVENT_LOGIC_CHANGED:
        logic_changed_json(&in->logic_changed, out);
        break;
    default:
        break;
    }
    text_add(out, "}");
}
