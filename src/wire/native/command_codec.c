/* SPDX-License-Identifier: Apache-2.0
 * Written by tools/schemagen from schema/commands.def: do not edit. */
#include "wire/native/command_codec.h"

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

static unsigned validate_genesis(const struct command_genesis *in)
{
    (void)in;
    return 0;
}

static unsigned validate_list_asset(const struct command_list_asset *in)
{
    (void)in;
    if (UNLIKELY(!chars16_valid(&in->code))) {
        return 3;
    }
    return 0;
}

static unsigned validate_list_instrument(const struct command_list_instrument *in)
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

static unsigned validate_open_account(const struct command_open_account *in)
{
    (void)in;
    if (UNLIKELY(in->unlimited > 1)) {
        return 4;
    }
    return 0;
}

static unsigned validate_logon(const struct command_logon *in)
{
    (void)in;
    if (UNLIKELY(in->cancel_on_disconnect > 1)) {
        return 7;
    }
    return 0;
}

static unsigned validate_tick(const struct command_tick *in)
{
    (void)in;
    return 0;
}

static unsigned validate_end_of_day(const struct command_end_of_day *in)
{
    (void)in;
    return 0;
}

static unsigned validate_new_order(const struct command_new_order *in)
{
    (void)in;
    if (UNLIKELY(!side_valid((unsigned)in->side))) {
        return 7;
    }
    if (UNLIKELY(!order_type_valid((unsigned)in->order_type))) {
        return 8;
    }
    if (UNLIKELY(!time_in_force_valid((unsigned)in->time_in_force))) {
        return 9;
    }
    if (UNLIKELY(!post_only_valid((unsigned)in->post_only))) {
        return 10;
    }
    if (UNLIKELY(!capacity_valid((unsigned)in->capacity))) {
        return 11;
    }
    if (UNLIKELY(!on_disconnect_valid((unsigned)in->on_disconnect))) {
        return 12;
    }
    if (UNLIKELY(!text36_valid(&in->client_order_id))) {
        return 13;
    }
    return 0;
}

static unsigned validate_cancel(const struct command_cancel *in)
{
    (void)in;
    if (UNLIKELY(!text36_valid(&in->client_order_id))) {
        return 2;
    }
    return 0;
}

static unsigned validate_reduce(const struct command_reduce *in)
{
    (void)in;
    if (UNLIKELY(!reason_valid((unsigned)in->reason))) {
        return 3;
    }
    if (UNLIKELY(!text36_valid(&in->client_order_id))) {
        return 4;
    }
    return 0;
}

static unsigned validate_replace(const struct command_replace *in)
{
    (void)in;
    if (UNLIKELY(!text36_valid(&in->client_order_id))) {
        return 4;
    }
    if (UNLIKELY(!text36_valid(&in->new_client_order_id))) {
        return 5;
    }
    return 0;
}

static unsigned validate_open_source(const struct command_open_source *in)
{
    (void)in;
    return 0;
}

static unsigned validate_set_phase(const struct command_set_phase *in)
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

static unsigned validate_session_lost(const struct command_session_lost *in)
{
    (void)in;
    if (UNLIKELY(!session_end_valid((unsigned)in->reason))) {
        return 1;
    }
    return 0;
}

static unsigned validate_mass_cancel(const struct command_mass_cancel *in)
{
    (void)in;
    return 0;
}

static unsigned validate_set_dead_man(const struct command_set_dead_man *in)
{
    (void)in;
    return 0;
}

static unsigned validate_set_block(const struct command_set_block *in)
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

static unsigned validate_resolve(const struct command_resolve *in)
{
    (void)in;
    if (UNLIKELY(!text36_valid(&in->client_order_id))) {
        return 2;
    }
    return 0;
}

static unsigned validate_session_admin(const struct command_session_admin *in)
{
    (void)in;
    if (UNLIKELY(!admin_kind_valid((unsigned)in->kind))) {
        return 1;
    }
    if (UNLIKELY(!session_note_valid((unsigned)in->note))) {
        return 2;
    }
    return 0;
}

static unsigned validate_set_group(const struct command_set_group *in)
{
    (void)in;
    if (UNLIKELY(!self_trade_valid((unsigned)in->mode))) {
        return 2;
    }
    return 0;
}

static unsigned validate_logic_version(const struct command_logic_version *in)
{
    (void)in;
    return 0;
}

size_t command_body_encode(uint8_t *out, const struct command *in)
{
    switch (in->header.id) {
    case COMMAND_GENESIS:
        return command_genesis_encode(out, &in->genesis);
    case COMMAND_LIST_ASSET:
        return command_list_asset_encode(out, &in->list_asset);
    case COMMAND_LIST_INSTRUMENT:
        return command_list_instrument_encode(out, &in->list_instrument);
    case COMMAND_OPEN_ACCOUNT:
        return command_open_account_encode(out, &in->open_account);
    case COMMAND_LOGON:
        return command_logon_encode(out, &in->logon);
    case COMMAND_TICK:
        return command_tick_encode(out, &in->tick);
    case COMMAND_END_OF_DAY:
        return command_end_of_day_encode(out, &in->end_of_day);
    case COMMAND_NEW_ORDER:
        return command_new_order_encode(out, &in->new_order);
    case COMMAND_CANCEL:
        return command_cancel_encode(out, &in->cancel);
    case COMMAND_REDUCE:
        return command_reduce_encode(out, &in->reduce);
    case COMMAND_REPLACE:
        return command_replace_encode(out, &in->replace);
    case COMMAND_OPEN_SOURCE:
        return command_open_source_encode(out, &in->open_source);
    case COMMAND_SET_PHASE:
        return command_set_phase_encode(out, &in->set_phase);
    case COMMAND_SESSION_LOST:
        return command_session_lost_encode(out, &in->session_lost);
    case COMMAND_MASS_CANCEL:
        return command_mass_cancel_encode(out, &in->mass_cancel);
    case COMMAND_SET_DEAD_MAN:
        return command_set_dead_man_encode(out, &in->set_dead_man);
    case COMMAND_SET_BLOCK:
        return command_set_block_encode(out, &in->set_block);
    case COMMAND_RESOLVE:
        return command_resolve_encode(out, &in->resolve);
    case COMMAND_SESSION_ADMIN:
        return command_session_admin_encode(out, &in->session_admin);
    case COMMAND_SET_GROUP:
        return command_set_group_encode(out, &in->set_group);
    case COMMAND_LOGIC_VERSION:
        return command_logic_version_encode(out, &in->logic_version);
    default:
        return 0;
    }
}

unsigned command_validate(const struct command *in)
{
    switch (in->header.id) {
    case COMMAND_GENESIS:
        return validate_genesis(&in->genesis);
    case COMMAND_LIST_ASSET:
        return validate_list_asset(&in->list_asset);
    case COMMAND_LIST_INSTRUMENT:
        return validate_list_instrument(&in->list_instrument);
    case COMMAND_OPEN_ACCOUNT:
        return validate_open_account(&in->open_account);
    case COMMAND_LOGON:
        return validate_logon(&in->logon);
    case COMMAND_TICK:
        return validate_tick(&in->tick);
    case COMMAND_END_OF_DAY:
        return validate_end_of_day(&in->end_of_day);
    case COMMAND_NEW_ORDER:
        return validate_new_order(&in->new_order);
    case COMMAND_CANCEL:
        return validate_cancel(&in->cancel);
    case COMMAND_REDUCE:
        return validate_reduce(&in->reduce);
    case COMMAND_REPLACE:
        return validate_replace(&in->replace);
    case COMMAND_OPEN_SOURCE:
        return validate_open_source(&in->open_source);
    case COMMAND_SET_PHASE:
        return validate_set_phase(&in->set_phase);
    case COMMAND_SESSION_LOST:
        return validate_session_lost(&in->session_lost);
    case COMMAND_MASS_CANCEL:
        return validate_mass_cancel(&in->mass_cancel);
    case COMMAND_SET_DEAD_MAN:
        return validate_set_dead_man(&in->set_dead_man);
    case COMMAND_SET_BLOCK:
        return validate_set_block(&in->set_block);
    case COMMAND_RESOLVE:
        return validate_resolve(&in->resolve);
    case COMMAND_SESSION_ADMIN:
        return validate_session_admin(&in->session_admin);
    case COMMAND_SET_GROUP:
        return validate_set_group(&in->set_group);
    case COMMAND_LOGIC_VERSION:
        return validate_logic_version(&in->logic_version);
    default:
        return 1;
    }
}

const char *command_name(unsigned id)
{
    switch (id) {
    case COMMAND_GENESIS:
        return "genesis";
    case COMMAND_LIST_ASSET:
        return "list_asset";
    case COMMAND_LIST_INSTRUMENT:
        return "list_instrument";
    case COMMAND_OPEN_ACCOUNT:
        return "open_account";
    case COMMAND_LOGON:
        return "logon";
    case COMMAND_TICK:
        return "tick";
    case COMMAND_END_OF_DAY:
        return "end_of_day";
    case COMMAND_NEW_ORDER:
        return "new_order";
    case COMMAND_CANCEL:
        return "cancel";
    case COMMAND_REDUCE:
        return "reduce";
    case COMMAND_REPLACE:
        return "replace";
    case COMMAND_OPEN_SOURCE:
        return "open_source";
    case COMMAND_SET_PHASE:
        return "set_phase";
    case COMMAND_SESSION_LOST:
        return "session_lost";
    case COMMAND_MASS_CANCEL:
        return "mass_cancel";
    case COMMAND_SET_DEAD_MAN:
        return "set_dead_man";
    case COMMAND_SET_BLOCK:
        return "set_block";
    case COMMAND_RESOLVE:
        return "resolve";
    case COMMAND_SESSION_ADMIN:
        return "session_admin";
    case COMMAND_SET_GROUP:
        return "set_group";
    case COMMAND_LOGIC_VERSION:
        return "logic_version";
    default:
        return NULL;
    }
}
