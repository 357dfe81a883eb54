/* SPDX-License-Identifier: Apache-2.0
 * Written by tools/schemagen from schema/commands.def: do not edit. */
#include "wire/native/command_codec.h"
#include "wire/native/describe.h"

#include <inttypes.h>

static void genesis_text(const struct command_genesis *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "shard=%u", (unsigned)m->shard);
    text_format(out, " logic_version=%u", (unsigned)m->logic_version);
    text_format(out, " max_assets=%u", (unsigned)m->max_assets);
    text_format(out, " max_instruments=%u", (unsigned)m->max_instruments);
    text_format(out, " max_accounts=%u", (unsigned)m->max_accounts);
    text_format(out, " max_sessions=%u", (unsigned)m->max_sessions);
    text_format(out, " max_orders=%u", (unsigned)m->max_orders);
    text_format(out, " max_levels=%u", (unsigned)m->max_levels);
    text_format(out, " max_events_per_command=%u", (unsigned)m->max_events_per_command);
    text_format(out, " max_timers_per_command=%u", (unsigned)m->max_timers_per_command);
    text_format(out, " max_recent_names=%u", (unsigned)m->max_recent_names);
    text_format(out, " resend_window_s=%u", (unsigned)m->resend_window_s);
}

static void list_asset_text(const struct command_list_asset *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "asset=%u", (unsigned)m->asset);
    text_format(out, " scale=%u", (unsigned)m->scale);
    text_format(out, " code=%.16s", m->code.bytes);
}

static void list_instrument_text(const struct command_list_instrument *m, struct text *out)
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

static void open_account_text(const struct command_open_account *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "account=%" PRIu64 "", m->account);
    text_format(out, " participant=%u", (unsigned)m->participant);
    text_format(out, " self_trade_group=%u", (unsigned)m->self_trade_group);
    text_format(out, " unlimited=%u", (unsigned)m->unlimited);
}

static void logon_text(const struct command_logon *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "participant=%u", (unsigned)m->participant);
    text_format(out, " user=%u", (unsigned)m->user);
    text_format(out, " orders_per_s=%u", (unsigned)m->orders_per_s);
    text_format(out, " orders_burst=%u", (unsigned)m->orders_burst);
    text_format(out, " cancels_per_s=%u", (unsigned)m->cancels_per_s);
    text_format(out, " cancels_burst=%u", (unsigned)m->cancels_burst);
    text_format(out, " cancel_on_disconnect=%u", (unsigned)m->cancel_on_disconnect);
}

static void tick_text(const struct command_tick *m, struct text *out)
{
    (void)m;
    (void)out;
}

static void end_of_day_text(const struct command_end_of_day *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "trading_day=%u", (unsigned)m->trading_day);
}

static void new_order_text(const struct command_new_order *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "account=%" PRIu64 "", m->account);
    text_add(out, " price=");
    describe_price(m->price, out);
    text_format(out, " quantity=%" PRId64, m->quantity.lots);
    text_format(out, " expire_time=%" PRIu64, m->expire_time);
    text_format(out, " instrument=%u", (unsigned)m->instrument);
    text_format(out, " self_trade_group=%u", (unsigned)m->self_trade_group);
    text_format(out, " side=%s", name_or_number(side_name((unsigned)m->side)));
    text_format(out, " order_type=%s", name_or_number(order_type_name((unsigned)m->order_type)));
    text_format(out, " time_in_force=%s",
                name_or_number(time_in_force_name((unsigned)m->time_in_force)));
    text_format(out, " post_only=%s", name_or_number(post_only_name((unsigned)m->post_only)));
    text_format(out, " capacity=%s", name_or_number(capacity_name((unsigned)m->capacity)));
    text_format(out, " on_disconnect=%s",
                name_or_number(on_disconnect_name((unsigned)m->on_disconnect)));
    text_format(out, " minimum_quantity=%" PRId64, m->minimum_quantity.lots);
    text_format(out, " client_order_id=%.*s", (int)m->client_order_id.count,
                m->client_order_id.bytes);
}

static void cancel_text(const struct command_cancel *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "account=%" PRIu64 "", m->account);
    text_format(out, " client_order_id=%.*s", (int)m->client_order_id.count,
                m->client_order_id.bytes);
}

static void reduce_text(const struct command_reduce *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "account=%" PRIu64 "", m->account);
    text_format(out, " quantity=%" PRId64, m->quantity.lots);
    text_format(out, " reason=%s", name_or_number(reason_name((unsigned)m->reason)));
    text_format(out, " client_order_id=%.*s", (int)m->client_order_id.count,
                m->client_order_id.bytes);
}

static void replace_text(const struct command_replace *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "account=%" PRIu64 "", m->account);
    text_add(out, " price=");
    describe_price(m->price, out);
    text_format(out, " quantity=%" PRId64, m->quantity.lots);
    text_format(out, " client_order_id=%.*s", (int)m->client_order_id.count,
                m->client_order_id.bytes);
    text_format(out, " new_client_order_id=%.*s", (int)m->new_client_order_id.count,
                m->new_client_order_id.bytes);
}

static void open_source_text(const struct command_open_source *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "bytes=%" PRIu64 "", m->bytes);
    text_add(out, " digest=");
    describe_bytes32(&m->digest, out);
    text_add(out, "");
    text_format(out, " source_number=%u", (unsigned)m->source_number);
}

static void set_phase_text(const struct command_set_phase *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "instrument=%u", (unsigned)m->instrument);
    text_format(out, " phase=%s", name_or_number(phase_name((unsigned)m->phase)));
    text_format(out, " reason=%s", name_or_number(phase_reason_name((unsigned)m->reason)));
}

static void session_lost_text(const struct command_session_lost *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "reason=%s", name_or_number(session_end_name((unsigned)m->reason)));
}

static void mass_cancel_text(const struct command_mass_cancel *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "account=%" PRIu64 "", m->account);
    text_format(out, " tag=%" PRIu64 "", m->tag);
    text_format(out, " participant=%u", (unsigned)m->participant);
    text_format(out, " instrument=%u", (unsigned)m->instrument);
    text_format(out, " orders_of=%u", (unsigned)m->orders_of);
    text_format(out, " side=%u", (unsigned)m->side);
}

static void set_dead_man_text(const struct command_set_dead_man *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "timeout_ms=%u", (unsigned)m->timeout_ms);
}

static void set_block_text(const struct command_set_block *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "number=%" PRIu64 "", m->number);
    text_format(out, " target=%s", name_or_number(block_target_name((unsigned)m->target)));
    text_format(out, " blocked=%u", (unsigned)m->blocked);
}

static void resolve_text(const struct command_resolve *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "account=%" PRIu64 "", m->account);
    text_format(out, " client_order_id=%.*s", (int)m->client_order_id.count,
                m->client_order_id.bytes);
}

static void session_admin_text(const struct command_session_admin *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "kind=%s", name_or_number(admin_kind_name((unsigned)m->kind)));
    text_format(out, " note=%s", name_or_number(session_note_name((unsigned)m->note)));
    text_format(out, " count=%u", (unsigned)m->count);
}

static void set_group_text(const struct command_set_group *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "self_trade_group=%u", (unsigned)m->self_trade_group);
    text_format(out, " mode=%s", name_or_number(self_trade_name((unsigned)m->mode)));
}

static void logic_version_text(const struct command_logic_version *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, "logic_version=%u", (unsigned)m->logic_version);
}

void command_describe_text(const struct command *in, struct text *out)
{
    command_header_describe_text(&in->header, command_name(in->header.id), out);
    switch (in->header.id) {
    case COMMAND_GENESIS:
        genesis_text(&in->genesis, out);
        break;
    case COMMAND_LIST_ASSET:
        list_asset_text(&in->list_asset, out);
        break;
    case COMMAND_LIST_INSTRUMENT:
        list_instrument_text(&in->list_instrument, out);
        break;
    case COMMAND_OPEN_ACCOUNT:
        open_account_text(&in->open_account, out);
        break;
    case COMMAND_LOGON:
        logon_text(&in->logon, out);
        break;
    case COMMAND_TICK:
        tick_text(&in->tick, out);
        break;
    case COMMAND_END_OF_DAY:
        end_of_day_text(&in->end_of_day, out);
        break;
    case COMMAND_NEW_ORDER:
        new_order_text(&in->new_order, out);
        break;
    case COMMAND_CANCEL:
        cancel_text(&in->cancel, out);
        break;
    case COMMAND_REDUCE:
        reduce_text(&in->reduce, out);
        break;
    case COMMAND_REPLACE:
        replace_text(&in->replace, out);
        break;
    case COMMAND_OPEN_SOURCE:
        open_source_text(&in->open_source, out);
        break;
    case COMMAND_SET_PHASE:
        set_phase_text(&in->set_phase, out);
        break;
    case COMMAND_SESSION_LOST:
        session_lost_text(&in->session_lost, out);
        break;
    case COMMAND_MASS_CANCEL:
        mass_cancel_text(&in->mass_cancel, out);
        break;
    case COMMAND_SET_DEAD_MAN:
        set_dead_man_text(&in->set_dead_man, out);
        break;
    case COMMAND_SET_BLOCK:
        set_block_text(&in->set_block, out);
        break;
    case COMMAND_RESOLVE:
        resolve_text(&in->resolve, out);
        break;
    case COMMAND_SESSION_ADMIN:
        session_admin_text(&in->session_admin, out);
        break;
    case COMMAND_SET_GROUP:
        set_group_text(&in->set_group, out);
        break;
    case COMMAND_LOGIC_VERSION:
        logic_version_text(&in->logic_version, out);
        break;
    default:
        break;
    }
}

static void genesis_json(const struct command_genesis *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"shard\":%u", (unsigned)m->shard);
    text_format(out, ",\"logic_version\":%u", (unsigned)m->logic_version);
    text_format(out, ",\"max_assets\":%u", (unsigned)m->max_assets);
    text_format(out, ",\"max_instruments\":%u", (unsigned)m->max_instruments);
    text_format(out, ",\"max_accounts\":%u", (unsigned)m->max_accounts);
    text_format(out, ",\"max_sessions\":%u", (unsigned)m->max_sessions);
    text_format(out, ",\"max_orders\":%u", (unsigned)m->max_orders);
    text_format(out, ",\"max_levels\":%u", (unsigned)m->max_levels);
    text_format(out, ",\"max_events_per_command\":%u", (unsigned)m->max_events_per_command);
    text_format(out, ",\"max_timers_per_command\":%u", (unsigned)m->max_timers_per_command);
    text_format(out, ",\"max_recent_names\":%u", (unsigned)m->max_recent_names);
    text_format(out, ",\"resend_window_s\":%u", (unsigned)m->resend_window_s);
}

static void list_asset_json(const struct command_list_asset *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"asset\":%u", (unsigned)m->asset);
    text_format(out, ",\"scale\":%u", (unsigned)m->scale);
    text_add(out, ",\"code\":");
    text_add_json(out, m->code.bytes, strnlen(m->code.bytes, sizeof m->code.bytes));
}

static void list_instrument_json(const struct command_list_instrument *m, struct text *out)
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

static void open_account_json(const struct command_open_account *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"account\":\"%" PRIu64 "\"", m->account);
    text_format(out, ",\"participant\":%u", (unsigned)m->participant);
    text_format(out, ",\"self_trade_group\":%u", (unsigned)m->self_trade_group);
    text_format(out, ",\"unlimited\":%u", (unsigned)m->unlimited);
}

static void logon_json(const struct command_logon *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"participant\":%u", (unsigned)m->participant);
    text_format(out, ",\"user\":%u", (unsigned)m->user);
    text_format(out, ",\"orders_per_s\":%u", (unsigned)m->orders_per_s);
    text_format(out, ",\"orders_burst\":%u", (unsigned)m->orders_burst);
    text_format(out, ",\"cancels_per_s\":%u", (unsigned)m->cancels_per_s);
    text_format(out, ",\"cancels_burst\":%u", (unsigned)m->cancels_burst);
    text_format(out, ",\"cancel_on_disconnect\":%u", (unsigned)m->cancel_on_disconnect);
}

static void tick_json(const struct command_tick *m, struct text *out)
{
    (void)m;
    (void)out;
}

static void end_of_day_json(const struct command_end_of_day *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"trading_day\":%u", (unsigned)m->trading_day);
}

static void new_order_json(const struct command_new_order *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"account\":\"%" PRIu64 "\"", m->account);
    text_add(out, ",\"price\":");
    describe_price(m->price, out);
    text_format(out, ",\"quantity\":%" PRId64, m->quantity.lots);
    text_format(out, ",\"expire_time\":%" PRIu64, m->expire_time);
    text_format(out, ",\"instrument\":%u", (unsigned)m->instrument);
    text_format(out, ",\"self_trade_group\":%u", (unsigned)m->self_trade_group);
    text_format(out, ",\"side\":\"%s\"", name_or_number(side_name((unsigned)m->side)));
    text_format(out, ",\"order_type\":\"%s\"",
                name_or_number(order_type_name((unsigned)m->order_type)));
    text_format(out, ",\"time_in_force\":\"%s\"",
                name_or_number(time_in_force_name((unsigned)m->time_in_force)));
    text_format(out, ",\"post_only\":\"%s\"",
                name_or_number(post_only_name((unsigned)m->post_only)));
    text_format(out, ",\"capacity\":\"%s\"", name_or_number(capacity_name((unsigned)m->capacity)));
    text_format(out, ",\"on_disconnect\":\"%s\"",
                name_or_number(on_disconnect_name((unsigned)m->on_disconnect)));
    text_format(out, ",\"minimum_quantity\":%" PRId64, m->minimum_quantity.lots);
    text_add(out, ",\"client_order_id\":");
    text_add_json(out, m->client_order_id.bytes, m->client_order_id.count);
}

static void cancel_json(const struct command_cancel *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"account\":\"%" PRIu64 "\"", m->account);
    text_add(out, ",\"client_order_id\":");
    text_add_json(out, m->client_order_id.bytes, m->client_order_id.count);
}

static void reduce_json(const struct command_reduce *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"account\":\"%" PRIu64 "\"", m->account);
    text_format(out, ",\"quantity\":%" PRId64, m->quantity.lots);
    text_format(out, ",\"reason\":\"%s\"", name_or_number(reason_name((unsigned)m->reason)));
    text_add(out, ",\"client_order_id\":");
    text_add_json(out, m->client_order_id.bytes, m->client_order_id.count);
}

static void replace_json(const struct command_replace *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"account\":\"%" PRIu64 "\"", m->account);
    text_add(out, ",\"price\":");
    describe_price(m->price, out);
    text_format(out, ",\"quantity\":%" PRId64, m->quantity.lots);
    text_add(out, ",\"client_order_id\":");
    text_add_json(out, m->client_order_id.bytes, m->client_order_id.count);
    text_add(out, ",\"new_client_order_id\":");
    text_add_json(out, m->new_client_order_id.bytes, m->new_client_order_id.count);
}

static void open_source_json(const struct command_open_source *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"bytes\":\"%" PRIu64 "\"", m->bytes);
    text_add(out, ",\"digest\":\"");
    describe_bytes32(&m->digest, out);
    text_add(out, "\"");
    text_format(out, ",\"source_number\":%u", (unsigned)m->source_number);
}

static void set_phase_json(const struct command_set_phase *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"instrument\":%u", (unsigned)m->instrument);
    text_format(out, ",\"phase\":\"%s\"", name_or_number(phase_name((unsigned)m->phase)));
    text_format(out, ",\"reason\":\"%s\"", name_or_number(phase_reason_name((unsigned)m->reason)));
}

static void session_lost_json(const struct command_session_lost *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"reason\":\"%s\"", name_or_number(session_end_name((unsigned)m->reason)));
}

static void mass_cancel_json(const struct command_mass_cancel *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"account\":\"%" PRIu64 "\"", m->account);
    text_format(out, ",\"tag\":\"%" PRIu64 "\"", m->tag);
    text_format(out, ",\"participant\":%u", (unsigned)m->participant);
    text_format(out, ",\"instrument\":%u", (unsigned)m->instrument);
    text_format(out, ",\"orders_of\":%u", (unsigned)m->orders_of);
    text_format(out, ",\"side\":%u", (unsigned)m->side);
}

static void set_dead_man_json(const struct command_set_dead_man *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"timeout_ms\":%u", (unsigned)m->timeout_ms);
}

static void set_block_json(const struct command_set_block *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"number\":\"%" PRIu64 "\"", m->number);
    text_format(out, ",\"target\":\"%s\"", name_or_number(block_target_name((unsigned)m->target)));
    text_format(out, ",\"blocked\":%u", (unsigned)m->blocked);
}

static void resolve_json(const struct command_resolve *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"account\":\"%" PRIu64 "\"", m->account);
    text_add(out, ",\"client_order_id\":");
    text_add_json(out, m->client_order_id.bytes, m->client_order_id.count);
}

static void session_admin_json(const struct command_session_admin *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"kind\":\"%s\"", name_or_number(admin_kind_name((unsigned)m->kind)));
    text_format(out, ",\"note\":\"%s\"", name_or_number(session_note_name((unsigned)m->note)));
    text_format(out, ",\"count\":%u", (unsigned)m->count);
}

static void set_group_json(const struct command_set_group *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"self_trade_group\":%u", (unsigned)m->self_trade_group);
    text_format(out, ",\"mode\":\"%s\"", name_or_number(self_trade_name((unsigned)m->mode)));
}

static void logic_version_json(const struct command_logic_version *m, struct text *out)
{
    (void)m;
    (void)out;
    text_format(out, ",\"logic_version\":%u", (unsigned)m->logic_version);
}

void command_describe_json(const struct command *in, struct text *out)
{
    command_header_describe_json(&in->header, command_name(in->header.id), out);
    switch (in->header.id) {
    case COMMAND_GENESIS:
        genesis_json(&in->genesis, out);
        break;
    case COMMAND_LIST_ASSET:
        list_asset_json(&in->list_asset, out);
        break;
    case COMMAND_LIST_INSTRUMENT:
        list_instrument_json(&in->list_instrument, out);
        break;
    case COMMAND_OPEN_ACCOUNT:
        open_account_json(&in->open_account, out);
        break;
    case COMMAND_LOGON:
        logon_json(&in->logon, out);
        break;
    case COMMAND_TICK:
        tick_json(&in->tick, out);
        break;
    case COMMAND_END_OF_DAY:
        end_of_day_json(&in->end_of_day, out);
        break;
    case COMMAND_NEW_ORDER:
        new_order_json(&in->new_order, out);
        break;
    case COMMAND_CANCEL:
        cancel_json(&in->cancel, out);
        break;
    case COMMAND_REDUCE:
        reduce_json(&in->reduce, out);
        break;
    case COMMAND_REPLACE:
        replace_json(&in->replace, out);
        break;
    case COMMAND_OPEN_SOURCE:
        open_source_json(&in->open_source, out);
        break;
    case COMMAND_SET_PHASE:
        set_phase_json(&in->set_phase, out);
        break;
    case COMMAND_SESSION_LOST:
        session_lost_json(&in->session_lost, out);
        break;
    case COMMAND_MASS_CANCEL:
        mass_cancel_json(&in->mass_cancel, out);
        break;
    case COMMAND_SET_DEAD_MAN:
        set_dead_man_json(&in->set_dead_man, out);
        break;
    case COMMAND_SET_BLOCK:
        set_block_json(&in->set_block, out);
        break;
    case COMMAND_RESOLVE:
        resolve_json(&in->resolve, out);
        break;
    case COMMAND_SESSION_ADMIN:
        session_admin_json(&in->session_admin, out);
        break;
    case COMMAND_SET_GROUP:
        set_group_json(&in->set_group, out);
        break;
    case COMMAND_LOGIC_VERSION:
        logic_version_json(&in->logic_version, out);
        break;
    default:
        break;
    }
    text_add(out, "}");
}
