/* SPDX-License-Identifier: Apache-2.0
 * Written by tools/schemagen from schema/commands.def: do not edit. */
#include "wire/native/command_codec.h"

#define VERSIONS 2

static const struct {
    uint16_t fixed_bytes;
    uint8_t logic; /* 0 = no such version */
} layouts[COMMAND_KIND_COUNT + 1][VERSIONS] = {
    [COMMAND_GENESIS] = {{44, 1}},         [COMMAND_LIST_ASSET] = {{21, 1}},
    [COMMAND_LIST_INSTRUMENT] = {{80, 1}}, [COMMAND_OPEN_ACCOUNT] = {{17, 1}},
    [COMMAND_LOGON] = {{25, 1}},           [COMMAND_TICK] = {{0, 1}},
    [COMMAND_END_OF_DAY] = {{4, 1}},       [COMMAND_NEW_ORDER] = {{46, 1}, {54, 2}},
    [COMMAND_CANCEL] = {{8, 1}},           [COMMAND_REDUCE] = {{17, 1}},
    [COMMAND_REPLACE] = {{24, 1}},         [COMMAND_OPEN_SOURCE] = {{42, 1}},
    [COMMAND_SET_PHASE] = {{6, 1}},        [COMMAND_SESSION_LOST] = {{1, 1}},
    [COMMAND_MASS_CANCEL] = {{29, 1}},     [COMMAND_SET_DEAD_MAN] = {{4, 1}},
    [COMMAND_SET_BLOCK] = {{10, 1}},       [COMMAND_RESOLVE] = {{8, 1}},
    [COMMAND_SESSION_ADMIN] = {{3, 1}},    [COMMAND_SET_GROUP] = {{5, 2}},
    [COMMAND_LOGIC_VERSION] = {{2, 1}},
};

static inline size_t command_new_order_encode_v1(uint8_t *out, const struct command_new_order *in)
{
    size_t at = 46;
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
    at += text36_encode(out + at, &in->client_order_id);
    return at;
}

MUST_USE static inline enum status command_new_order_decode_v1(const uint8_t *in, size_t bytes,
                                                               struct command_new_order *out)
{
    if (bytes < 46) {
        return STATUS_TRUNCATED;
    }
    size_t at = 46;
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
    out->minimum_quantity.lots = 0;
    if (!text36_decode(in, bytes, &at, &out->client_order_id)) {
        return STATUS_TRUNCATED;
    }
    return at == bytes ? STATUS_OK : STATUS_INVALID;
}

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
        if (version == 1) {
            out->header.version = 2;
            return command_new_order_decode_v1(in, bytes, &out->new_order);
        }
        return version == 2 ? command_new_order_decode(in, bytes, &out->new_order)
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
    case COMMAND_NEW_ORDER << 8 | 1:
        return command_new_order_encode_v1(out, &in->new_order);
    default:
        return command_body_encode(out, in);
    }
}

unsigned command_version_at(unsigned id, unsigned logic)
{
    unsigned version = id <= COMMAND_KIND_COUNT ? VERSIONS : 0;
    while (version > 0 &&
           (layouts[id][version - 1].logic == 0 || layouts[id][version - 1].logic > logic)) {
        version--;
    }
    return version;
}

unsigned command_version_least(const struct command *in)
{
    switch (in->header.id) {
    case COMMAND_NEW_ORDER:
        if (in->new_order.minimum_quantity.lots != 0) {
            return 2;
        }
        return 1;
    default:
        return 1;
    }
}

bool command_fixed_bytes(unsigned id, unsigned version, size_t *out_bytes)
{
    if (id > COMMAND_KIND_COUNT || version < 1 || version > VERSIONS ||
        layouts[id][version - 1].logic == 0) {
        return false;
    }
    *out_bytes = layouts[id][version - 1].fixed_bytes;
    return true;
}
