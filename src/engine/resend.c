/* SPDX-License-Identifier: Apache-2.0
 *
 * One outcome for every client order id: what comes again is told its first result, and RESOLVE
 * tells it or fences the id. docs/reference/engine-rules.md, "Names that are remembered".
 */
#include "base/planted.h"
#include "engine/inspect.h"
#include "engine/state.h"
#include "wire/native/command_codec.h"

#define BODY_BYTES ((COMMAND_BODY_BYTES_MAX + 8) & ~7)

/* Of the oldest layout that says all of it: the same order has the same hash in every release. */
static uint64_t body_hash(const struct command *command)
{
    uint8_t bytes[BODY_BYTES] = {0};
    size_t count = command_body_encode_as(bytes, command, command_version_least(command));
    return hash_running(command->header.id, bytes, bytes_align_up(count, 8));
}

static void put_replayed(struct apply *apply, const struct recent_name *name, uint64_t account,
                         const struct text36 *client_order_id)
{
    EVENT_PUT(apply->events, REPLAYED, replayed,
              (&(struct event_replayed){.account = account,
                                        .event_sequence = name->result >> 16,
                                        .session = apply->command->header.session,
                                        .code = (uint16_t)name->result,
                                        .command = apply->command->header.id,
                                        .client_order_id = *client_order_id}),
              apply->command->header.sequence);
}

struct refusal resend_check(struct apply *apply, struct hash128 key, uint64_t account,
                            const struct text36 *client_order_id, bool *out_replayed)
{
    struct recent *recent = &apply->engine->recent;
    uint64_t now_ns = apply->engine->time_ns;
    *out_replayed = false;
    uint64_t hash = body_hash(apply->command);
    uint32_t index = recent_find(recent, key, now_ns);
    if (index == RECENT_NONE || PLANTED(NO_DEDUPLICATION)) {
        if (recent_full(recent, now_ns)) {
            return refuse(REJECT_NAME_TABLE_FULL, recent->max, 0);
        }
        apply->name_is_new = true;
        recent->coming = (struct recent_name){.key = key, .body_hash = hash};
        return refusal_none();
    }
    const struct recent_name *name = &recent->names[index];
    if (name->result >> 16 == 0) {
        return refuse(REJECT_NAME_FENCED, 0, 0);
    }
    if (name->body_hash != hash) {
        return refuse(REJECT_DUPLICATE_ORDER_ID, (int64_t)(name->result >> 16), 0);
    }
    put_replayed(apply, name, account, client_order_id);
    *out_replayed = true;
    return refusal_none();
}

void resend_note(struct apply *apply, enum reject code)
{
    struct recent *recent = &apply->engine->recent;
    uint64_t now_ns = apply->engine->time_ns;
    apply->name_is_new = false;
    recent->coming.result = apply->events->sequence << 16 | (uint16_t)code;
    recent->coming.ended_ns = code == REJECT_NONE ? RECENT_LIVES : now_ns;
    recent_add(recent, &recent->coming, now_ns);
}

struct refusal resend_resolve(struct apply *apply)
{
    struct engine *engine = apply->engine;
    struct recent *recent = &engine->recent;
    const struct command_resolve *in = &apply->command->resolve;
    if (recent->max == 0) {
        return refuse(REJECT_RESEND_OFF, 0, 0);
    }
    struct hash128 key = name_key(in->account, &in->client_order_id);
    uint32_t index = recent_find(recent, key, engine->time_ns);
    uint64_t result = REJECT_NAME_FENCED;
    if (index != RECENT_NONE) {
        result = recent->names[index].result;
    } else if (recent_full(recent, engine->time_ns)) {
        return refuse(REJECT_NAME_TABLE_FULL, recent->max, 0);
    } else if (!PLANTED(NOT_FENCED)) {
        recent_add(recent,
                   &(struct recent_name){.key = key, .result = result, .ended_ns = engine->time_ns},
                   engine->time_ns);
    }
    EVENT_PUT(apply->events, RESOLVED, resolved,
              (&(struct event_resolved){.account = in->account,
                                        .event_sequence = result >> 16,
                                        .session = apply->command->header.session,
                                        .code = (uint16_t)result,
                                        .client_order_id = in->client_order_id}),
              apply->command->header.sequence);
    return refusal_none();
}

/* The name that a command gives; false: none that is remembered. */
static bool given_name(const struct command *command, struct hash128 *out_key)
{
    switch (command->header.id) {
    case COMMAND_NEW_ORDER:
        *out_key = name_key(command->new_order.account, &command->new_order.client_order_id);
        return true;
    case COMMAND_REPLACE:
        *out_key = name_key(command->replace.account, &command->replace.new_client_order_id);
        return true;
    case COMMAND_RESOLVE:
        *out_key = name_key(command->resolve.account, &command->resolve.client_order_id);
        return true;
    default:
        return false;
    }
}

struct engine_recall engine_recall(const struct engine *engine, const struct command *command,
                                   uint64_t now_ns)
{
    const struct recent *recent = &engine->recent;
    struct engine_recall recall = {.on = recent->max != 0};
    struct hash128 key;
    if (recall.on && given_name(command, &key)) {
        uint32_t index = recent_find(recent, key, now_ns);
        recall.full = recent_full(recent, now_ns);
        if (index != RECENT_NONE) {
            const struct recent_name *name = &recent->names[index];
            recall.known = true;
            recall.event_sequence = name->result >> 16;
            recall.code = (enum reject)(name->result & 0xffff);
            recall.same = name->result >> 16 != 0 && name->body_hash == body_hash(command);
        }
    }
    return recall;
}
