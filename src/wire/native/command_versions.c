/* SPDX-License-Identifier: Apache-2.0
 * Written by tools/schemagen from schema/commands.def: do not edit. */
#include "wire/native/command_codec.h"

enum status command_body_decode(const uint8_t *in, size_t bytes, struct command *out)
{
    unsigned version = out->header.version;
    switch (out->header.id) {
    case COMMAND_GENESIS:
        return version == 1 ? command_genesis_decode(in, bytes, &out->genesis) : STATUS_UNSUPPORTED;
    case COMMAND_LIST_ASSET:
        return version == 1 ? command_list_asset_decode(in, bytes, &out->list_asset)
                            : STATUS_UNSUPPORTED;
    case COMMAND_LIST_INSTRUMENT:
        return version == 1 ? command_list_instrument_decode(in, bytes, &out->list_instrument)
                            : STATUS_UNSUPPORTED;
    case COMMAND_OPEN_ACCOUNT:
        return version == 1 ? command_open_account_decode(in, bytes, &out->open_account)
                            : STATUS_UNSUPPORTED;
    case COMMAND_LOGON:
        return version == 1 ? command_logon_decode(in, bytes, &out->logon) : STATUS_UNSUPPORTED;
    case COMMAND_TICK:
        return version == 1 ? command_tick_decode(in, bytes, &out->tick) : STATUS_UNSUPPORTED;
    case COMMAND_END_OF_DAY:
        return version == 1 ? command_end_of_day_decode(in, bytes, &out->end_of_day)
                            : STATUS_UNSUPPORTED;
    case COMMAND_NEW_ORDER:
        return version == 1 ? command_new_order_decode(in, bytes, &out->new_order)
                            : STATUS_UNSUPPORTED;
    case COMMAND_CANCEL:
        return version == 1 ? command_cancel_decode(in, bytes, &out->cancel) : STATUS_UNSUPPORTED;
    case COMMAND_REDUCE:
        return version == 1 ? command_reduce_decode(in, bytes, &out->reduce) : STATUS_UNSUPPORTED;
    case COMMAND_REPLACE:
        return version == 1 ? command_replace_decode(in, bytes, &out->replace) : STATUS_UNSUPPORTED;
    case COMMAND_OPEN_SOURCE:
        return version == 1 ? command_open_source_decode(in, bytes, &out->open_source)
                            : STATUS_UNSUPPORTED;
    case COMMAND_SET_PHASE:
        return version == 1 ? command_set_phase_decode(in, bytes, &out->set_phase)
                            : STATUS_UNSUPPORTED;
    case COMMAND_SESSION_LOST:
        return version == 1 ? command_session_lost_decode(in, bytes, &out->session_lost)
                            : STATUS_UNSUPPORTED;
    case COMMAND_MASS_CANCEL:
        return version == 1 ? command_mass_cancel_decode(in, bytes, &out->mass_cancel)
                            : STATUS_UNSUPPORTED;
    case COMMAND_SET_DEAD_MAN:
        return version == 1 ? command_set_dead_man_decode(in, bytes, &out->set_dead_man)
                            : STATUS_UNSUPPORTED;
    case COMMAND_SET_BLOCK:
        return version == 1 ? command_set_block_decode(in, bytes, &out->set_block)
                            : STATUS_UNSUPPORTED;
    case COMMAND_RESOLVE:
        return version == 1 ? command_resolve_decode(in, bytes, &out->resolve) : STATUS_UNSUPPORTED;
    case COMMAND_SESSION_ADMIN:
        return version == 1 ? command_session_admin_decode(in, bytes, &out->session_admin)
                            : STATUS_UNSUPPORTED;
    case COMMAND_SET_GROUP:
        return version == 1 ? command_set_group_decode(in, bytes, &out->set_group)
                            : STATUS_UNSUPPORTED;
    case COMMAND_LOGIC_VERSION:
        return version == 1 ? command_logic_version_decode(in, bytes, &out->logic_version)
                            : STATUS_UNSUPPORTED;
    default:
        return STATUS_UNSUPPORTED;
    }
}

size_t command_body_encode_as(uint8_t *out, const struct command *in, unsigned version)
{
    switch ((unsigned)in->header.id << 8 | version) {
    default:
        return command_body_encode(out, in);
    }
}

unsigned command_version_at(unsigned id, unsigned logic)
{
    (void)logic;
    switch (id) {
    case COMMAND_GENESIS:
        return 1;
    case COMMAND_LIST_ASSET:
        return 1;
    case COMMAND_LIST_INSTRUMENT:
        return 1;
    case COMMAND_OPEN_ACCOUNT:
        return 1;
    case COMMAND_LOGON:
        return 1;
    case COMMAND_TICK:
        return 1;
    case COMMAND_END_OF_DAY:
        return 1;
    case COMMAND_NEW_ORDER:
        return 1;
    case COMMAND_CANCEL:
        return 1;
    case COMMAND_REDUCE:
        return 1;
    case COMMAND_REPLACE:
        return 1;
    case COMMAND_OPEN_SOURCE:
        return 1;
    case COMMAND_SET_PHASE:
        return 1;
    case COMMAND_SESSION_LOST:
        return 1;
    case COMMAND_MASS_CANCEL:
        return 1;
    case COMMAND_SET_DEAD_MAN:
        return 1;
    case COMMAND_SET_BLOCK:
        return 1;
    case COMMAND_RESOLVE:
        return 1;
    case COMMAND_SESSION_ADMIN:
        return 1;
    case COMMAND_SET_GROUP:
        return 1;
    case COMMAND_LOGIC_VERSION:
        return 1;
    default:
        return 0;
    }
}

bool command_fixed_bytes(unsigned id, unsigned version, size_t *out_bytes)
{
    if (version > UINT8_MAX) {
        return false;
    }
    switch (id << 8 | version) {
    case COMMAND_GENESIS << 8 | 1:
        *out_bytes = 44;
        return true;
    case COMMAND_LIST_ASSET << 8 | 1:
        *out_bytes = 21;
        return true;
    case COMMAND_LIST_INSTRUMENT << 8 | 1:
        *out_bytes = 80;
        return true;
    case COMMAND_OPEN_ACCOUNT << 8 | 1:
        *out_bytes = 17;
        return true;
    case COMMAND_LOGON << 8 | 1:
        *out_bytes = 25;
        return true;
    case COMMAND_TICK << 8 | 1:
        *out_bytes = 0;
        return true;
    case COMMAND_END_OF_DAY << 8 | 1:
        *out_bytes = 4;
        return true;
    case COMMAND_NEW_ORDER << 8 | 1:
        *out_bytes = 46;
        return true;
    case COMMAND_CANCEL << 8 | 1:
        *out_bytes = 8;
        return true;
    case COMMAND_REDUCE << 8 | 1:
        *out_bytes = 17;
        return true;
    case COMMAND_REPLACE << 8 | 1:
        *out_bytes = 24;
        return true;
    case COMMAND_OPEN_SOURCE << 8 | 1:
        *out_bytes = 42;
        return true;
    case COMMAND_SET_PHASE << 8 | 1:
        *out_bytes = 6;
        return true;
    case COMMAND_SESSION_LOST << 8 | 1:
        *out_bytes = 1;
        return true;
    case COMMAND_MASS_CANCEL << 8 | 1:
        *out_bytes = 29;
        return true;
    case COMMAND_SET_DEAD_MAN << 8 | 1:
        *out_bytes = 4;
        return true;
    case COMMAND_SET_BLOCK << 8 | 1:
        *out_bytes = 10;
        return true;
    case COMMAND_RESOLVE << 8 | 1:
        *out_bytes = 8;
        return true;
    case COMMAND_SESSION_ADMIN << 8 | 1:
        *out_bytes = 3;
        return true;
    case COMMAND_SET_GROUP << 8 | 1:
        *out_bytes = 5;
        return true;
    case COMMAND_LOGIC_VERSION << 8 | 1:
        *out_bytes = 2;
        return true;
    default:
        return false;
    }
}
