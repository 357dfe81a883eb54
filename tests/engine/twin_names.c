/* SPDX-License-Identifier: Apache-2.0
 *
 * "Names that are remembered" of the rules.
 */
#include "base/assert.h"
#include "tests/engine/twin_steps.h"
#include "wire/native/command_codec.h"

#include <string.h>

/* Those whose window is over are gone. */
static void forget_old(struct twin *twin)
{
    uint64_t window_ns = twin->limits.resend_window_s * UINT64_C(1000000000);
    size_t kept = 0;
    for (size_t i = 0; i < twin->name_count; i++) {
        const struct twin_name *name = &twin->names[i];
        if (!name->living && twin->time_ns - name->ended_ns >= window_ns) {
            continue;
        }
        twin->names[kept] = *name;
        kept++;
    }
    twin->name_count = kept;
}

static struct twin_name *find(const struct twin *twin, uint64_t account, const struct text36 *name)
{
    for (size_t i = 0; i < twin->name_count; i++) {
        struct twin_name *at = &twin->names[i];
        if (at->account == account && at->name.count == name->count &&
            memcmp(at->name.bytes, name->bytes, name->count) == 0) {
            return at;
        }
    }
    return NULL;
}

static bool same_body(const struct command *a, const struct command *b)
{
    uint8_t one[COMMAND_BODY_BYTES_MAX];
    uint8_t other[COMMAND_BODY_BYTES_MAX];
    if (a->header.id != b->header.id) {
        return false;
    }
    size_t count = command_body_encode(one, a);
    return command_body_encode(other, b) == count && memcmp(one, other, count) == 0;
}

static void emit_replayed(struct twin *twin, const struct twin_name *name)
{
    struct event_replayed *out = &TWIN_EMIT(twin, REPLAYED)->replayed;
    out->account = name->account;
    out->event_sequence = name->event_sequence;
    out->session = twin->command->header.session;
    out->code = (uint16_t)name->code;
    out->command = twin->command->header.id;
    out->client_order_id = name->name;
}

struct twin_refusal twin_check_name(struct twin *twin, uint64_t account, const struct text36 *name,
                                    bool *out_done)
{
    uint32_t most = twin->limits.max_recent_names;
    *out_done = false;
    if (most == 0) {
        return pass();
    }
    forget_old(twin);
    const struct twin_name *known = find(twin, account, name);
    if (known != NULL && !known->living && twin_makes_fault(twin, TWIN_FAULT_NAME_FORGOTTEN)) {
        return pass();
    }
    if (known == NULL) {
        if (twin->name_count == most) {
            return refuse(REJECT_NAME_TABLE_FULL, most, 0);
        }
        twin->name_is_new = true;
        return pass();
    }
    if (known->code == REJECT_NAME_FENCED) {
        return refuse(REJECT_NAME_FENCED, 0, 0);
    }
    if (!same_body(&known->first, twin->command)) {
        return refuse(REJECT_DUPLICATE_ORDER_ID, (int64_t)known->event_sequence, 0);
    }
    emit_replayed(twin, known);
    *out_done = true;
    return pass();
}

void twin_note_name(struct twin *twin, uint64_t account, const struct text36 *name,
                    enum reject code)
{
    if (twin->limits.max_recent_names == 0) {
        return;
    }
    ASSERT(twin->name_count < twin->limits.max_recent_names);
    twin->name_is_new = false;
    twin->names[twin->name_count] = (struct twin_name){.account = account,
                                                       .name = *name,
                                                       .first = *twin->command,
                                                       .event_sequence = twin->event_sequence,
                                                       .code = code,
                                                       .living = code == REJECT_NONE,
                                                       .ended_ns = twin->time_ns};
    twin->name_count++;
}

void twin_name_ends(struct twin *twin, uint64_t account, const struct text36 *name)
{
    if (twin->limits.max_recent_names == 0 || twin->name_is_kept) {
        return;
    }
    struct twin_name *known = find(twin, account, name);
    if (known != NULL && known->living) {
        known->living = false;
        known->ended_ns = twin->time_ns;
    }
}

struct twin_refusal twin_resolve(struct twin *twin)
{
    const struct command_resolve *in = &twin->command->resolve;
    struct twin_account *account = NULL;
    struct twin_refusal refusal = twin_check_account(twin, in->account, &account);
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    if (twin->limits.max_recent_names == 0) {
        return refuse(REJECT_RESEND_OFF, 0, 0);
    }
    forget_old(twin);
    const struct twin_name *known = find(twin, in->account, &in->client_order_id);
    if (known == NULL && twin->name_count == twin->limits.max_recent_names) {
        return refuse(REJECT_NAME_TABLE_FULL, twin->limits.max_recent_names, 0);
    }
    uint64_t event_sequence = 0;
    enum reject code = REJECT_NAME_FENCED;
    if (known != NULL) {
        code = known->code;
        event_sequence = code == REJECT_NAME_FENCED ? 0 : known->event_sequence;
    } else {
        twin_note_name(twin, in->account, &in->client_order_id, REJECT_NAME_FENCED);
    }
    struct event_resolved *out = &TWIN_EMIT(twin, RESOLVED)->resolved;
    out->account = in->account;
    out->event_sequence = event_sequence;
    out->session = twin->command->header.session;
    out->code = (uint16_t)code;
    out->client_order_id = in->client_order_id;
    return pass();
}
