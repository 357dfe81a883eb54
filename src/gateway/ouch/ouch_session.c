/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/ouch/ouch_session.h"

#include "base/bytes.h"
#include "base/text.h"
#include "wire/ouch/ouch.h"

#include <stdlib.h>

static enum status session_open(const struct protocol_who *who, void **out_state)
{
    struct ouch_session *session = calloc(1, sizeof *session);
    if (session == NULL) {
        return STATUS_NO_MEMORY;
    }
    session->who = *who;
    *out_state = session;
    return STATUS_OK;
}

static void session_close(void *state)
{
    struct ouch_session *session = state;
    if (session != NULL) {
        ouch_orders_deinit(&session->orders);
        free(session->pending_store);
        free(session);
    }
}

static bool is_switch(const struct ouch_pending *pending)
{
    return pending->command == COMMAND_RESOLVE ||
           (pending->command == COMMAND_MASS_CANCEL && pending->disables);
}

static void drop_pending(struct ouch_session *session, size_t index)
{
    const struct ouch_pending *pending = &session->pending[index];
    if (pending->command == COMMAND_REDUCE && pending->in_row) {
        (void)ouch_orders_reducing(&session->orders, pending->user_ref_num,
                                   -pending->quantity.lots);
    } else if (pending->command == COMMAND_REDUCE) {
        session->pending_beside--;
    }
    session->pending_switches -= is_switch(pending);
    session->pending_count--;
    if (index == 0) { /* the usual case: outcomes come in the order of what was asked */
        session->pending++;
        return;
    }
    memmove(&session->pending[index], &session->pending[index + 1],
            (session->pending_count - index) * sizeof session->pending[0]);
}

/* The oldest pending request of this kind for this UserRefNum; pending_count if there is none. */
static size_t find_pending(const struct ouch_session *session, uint8_t command,
                           uint32_t user_ref_num)
{
    size_t i = 0;
    while (i < session->pending_count && (session->pending[i].command != command ||
                                          session->pending[i].user_ref_num != user_ref_num)) {
        i++;
    }
    return i;
}

static void settle(struct ouch_session *session, uint8_t command, uint32_t user_ref_num)
{
    size_t index = find_pending(session, command, user_ref_num);
    if (index < session->pending_count) {
        drop_pending(session, index);
    }
}

/* Order entry is on again, whatever the engine knew of the name. */
static void resolved(struct ouch_session *session, const struct text36 *name)
{
    struct firm_request request;
    if (enable_name_decode(name, &request)) {
        settle(session, COMMAND_RESOLVE, request.user_ref_num);
        if (request.user_ref_num > session->enabled_by) {
            session->enabled_by = request.user_ref_num;
        }
    }
}

static void mass_cancelled(struct ouch_session *session, uint64_t tag)
{
    struct firm_request request = mass_cancel_tag_decode(tag);
    settle(session, COMMAND_MASS_CANCEL, request.user_ref_num);
    if (request.disables && request.user_ref_num > session->disabled_by) {
        session->disabled_by = request.user_ref_num;
    }
}

static void settle_rejected(struct ouch_session *session, const struct event_rejected *rejected)
{
    struct order_name name;
    if (rejected->command == COMMAND_MASS_CANCEL) {
        for (size_t i = 0; i < session->pending_count; i++) {
            if (session->pending[i].command == COMMAND_MASS_CANCEL) {
                drop_pending(session, i);
                return;
            }
        }
    }
    if (rejected->command == COMMAND_RESOLVE) {
        resolved(session, &rejected->client_order_id);
        return;
    }
    const struct text36 *asked = rejected->command == COMMAND_REPLACE
                                     ? &rejected->new_client_order_id
                                     : &rejected->client_order_id;
    if (order_name_decode(asked, &name)) {
        settle(session, rejected->command, name.user_ref_num);
    }
}

static void settle_name(struct ouch_session *session, uint8_t command, const struct text36 *text)
{
    struct order_name name;
    if (order_name_decode(text, &name)) {
        settle(session, command, name.user_ref_num);
    }
}

static void settle_reduction(struct ouch_session *session, uint64_t order_id, uint64_t number,
                             enum reason reason)
{
    const struct ouch_order *order = ouch_orders_at(&session->orders, order_id, number);
    if (order != NULL && reason == REASON_REQUESTED) {
        settle(session, COMMAND_REDUCE, order->user_ref_num);
    }
}

static enum status session_apply(void *state, const struct stream_entry *entry,
                                 const struct event *event)
{
    struct ouch_session *session = state;
    enum status status = ouch_orders_apply(&session->orders, entry, event);
    switch (event->header.id) {
    case EVENT_ACCEPTED:
        settle_name(session, COMMAND_NEW_ORDER, &event->accepted.client_order_id);
        break;
    case EVENT_REPLACED:
        settle_name(session, COMMAND_REPLACE, &event->replaced.client_order_id);
        break;
    case EVENT_REJECTED:
        settle_rejected(session, &event->rejected);
        break;
    case EVENT_REDUCED:
        settle_reduction(session, event->reduced.order_id, entry->number, event->reduced.reason);
        break;
    case EVENT_REMOVED:
        settle_reduction(session, event->removed.order_id, entry->number, event->removed.reason);
        break;
    case EVENT_MASS_CANCELLED:
        mass_cancelled(session, event->mass_cancelled.tag);
        break;
    case EVENT_RESOLVED:
        resolved(session, &event->resolved.client_order_id);
        break;
    default:
        break;
    }
    return status;
}

/* Room for one more behind the last: at the front of the store again, or in a larger one. */
static bool reserve_pending(struct ouch_session *session)
{
    size_t used = (size_t)(session->pending - session->pending_store);
    if (used + session->pending_count < session->pending_capacity) {
        return true;
    }
    if (session->pending_count < session->pending_capacity / 2) {
        memmove(session->pending_store, session->pending,
                session->pending_count * sizeof session->pending[0]);
        session->pending = session->pending_store;
        return true;
    }
    size_t capacity = session->pending_capacity == 0 ? 64 : session->pending_capacity * 2;
    struct ouch_pending *larger = malloc(capacity * sizeof *larger);
    if (larger == NULL) {
        return false;
    }
    if (session->pending_count > 0) {
        memcpy(larger, session->pending, session->pending_count * sizeof *larger);
    }
    free(session->pending_store);
    session->pending_store = larger;
    session->pending = larger;
    session->pending_capacity = capacity;
    return true;
}

static enum status session_submitted(void *state, const struct protocol_intent *intent,
                                     uint64_t input_sequence)
{
    struct ouch_session *session = state;
    const struct command *command = &intent->command;
    struct ouch_pending pending = {.input_sequence = input_sequence,
                                   .user_ref_num = (uint32_t)intent->reference,
                                   .command = command->header.id};
    struct order_name name = {0};
    memset(pending.client_id, ' ', sizeof pending.client_id);
    switch (command->header.id) {
    case COMMAND_NEW_ORDER:
        pending.price = command->new_order.price;
        pending.quantity = command->new_order.quantity;
        pending.side = command->new_order.side;
        if (order_name_decode(&command->new_order.client_order_id, &name)) {
            memcpy(pending.client_id, name.client_id, sizeof pending.client_id);
        }
        break;
    case COMMAND_REPLACE:
        pending.price = command->replace.price;
        pending.quantity = command->replace.quantity;
        if (order_name_decode(&command->replace.new_client_order_id, &name)) {
            memcpy(pending.client_id, name.client_id, sizeof pending.client_id);
        }
        break;
    case COMMAND_REDUCE:
        pending.quantity = command->reduce.quantity;
        break;
    case COMMAND_MASS_CANCEL:
        pending.disables = mass_cancel_tag_decode(command->mass_cancel.tag).disables;
        break;
    case COMMAND_RESOLVE:
        if (intent->reference == 0) {
            return STATUS_OK; /* an account query */
        }
        break;
    default:
        return STATUS_OK; /* its outcome changes nothing that is asked of pending requests */
    }
    if (!reserve_pending(session)) {
        return STATUS_NO_MEMORY;
    }
    if (pending.command == COMMAND_REDUCE) {
        pending.in_row =
            ouch_orders_reducing(&session->orders, pending.user_ref_num, pending.quantity.lots);
        session->pending_beside += !pending.in_row;
    }
    session->pending_switches += is_switch(&pending);
    session->pending[session->pending_count++] = pending;
    return STATUS_OK;
}

static uint64_t session_new_order(const void *state, const uint8_t *bytes, size_t count)
{
    /* Both have the UserRefNum of the order-to-be in front, a replace behind that of the order. */
    size_t at = 1;
    if (count >= OUCH_replace_order_BYTES && bytes[0] == OUCH_replace_order_LETTER) {
        at += sizeof(uint32_t);
    } else if (count < OUCH_enter_order_BYTES || bytes[0] != OUCH_enter_order_LETTER) {
        return 0;
    }
    uint32_t user_ref_num = bytes_load_be32(bytes + at);
    return user_ref_num > ouch_session_highest(state) ? user_ref_num : 0;
}

/* "NOT SEQUENCED UserRefNum 12 RATE_LIMITED retry after 2500 us" */
static size_t session_refused(void *state, const struct protocol_refusal *refusal, uint8_t *out)
{
    struct ouch_session *session = state;
    uint64_t reference = refusal->reference;
    /* The youngest first: what is refused is refused at once. */
    for (size_t i = session->pending_count; refusal->input_sequence != 0 && i > 0; i--) {
        if (session->pending[i - 1].input_sequence == refusal->input_sequence) {
            reference = session->pending[i - 1].user_ref_num;
            drop_pending(session, i - 1);
            break;
        }
    }
    struct text text;
    text_init(&text, (char *)out, PROTOCOL_MESSAGE_BYTES_MAX);
    text_add(&text, "NOT SEQUENCED UserRefNum ");
    text_add_number(&text, reference);
    text_add(&text, " ");
    text_add(&text, refusal->code == REJECT_NONE ? "OVERLOADED" : reject_name(refusal->code));
    text_add(&text, " retry after ");
    text_add_number(&text, refusal->retry_after_us);
    text_add(&text, " us");
    return text.length;
}

static void session_fenced(void *state)
{
    struct ouch_session *session = state;
    while (session->pending_count > 0) {
        drop_pending(session, 0);
    }
}

uint32_t ouch_session_highest(const struct ouch_session *session)
{
    uint32_t highest = session->orders.highest_user_ref_num > session->enabled_by
                           ? session->orders.highest_user_ref_num
                           : session->enabled_by;
    for (size_t i = session->pending_count; i > 0; i--) {
        const struct ouch_pending *pending = &session->pending[i - 1];
        if (pending->command != COMMAND_REDUCE) {
            return pending->user_ref_num > highest ? pending->user_ref_num : highest;
        }
    }
    return highest;
}

bool ouch_session_disabled(const struct ouch_session *session)
{
    for (size_t i = session->pending_count; i > 0 && session->pending_switches > 0; i--) {
        const struct ouch_pending *pending = &session->pending[i - 1];
        if (is_switch(pending)) {
            return pending->disables;
        }
    }
    return session->disabled_by > session->enabled_by;
}

/* The newest request under way that gives an order this UserRefNum; null if there is none. */
static const struct ouch_pending *pending_order(const struct ouch_session *session,
                                                uint32_t user_ref_num)
{
    for (size_t i = session->pending_count; i > 0; i--) {
        const struct ouch_pending *pending = &session->pending[i - 1];
        if (pending->user_ref_num == user_ref_num &&
            (pending->command == COMMAND_NEW_ORDER || pending->command == COMMAND_REPLACE)) {
            return pending;
        }
    }
    return NULL;
}

/* What requests under way will have taken off, where no row counts it. */
static int64_t pending_reductions(const struct ouch_session *session, uint32_t user_ref_num)
{
    int64_t lots = 0;
    size_t left = session->pending_beside;
    for (size_t i = 0; i < session->pending_count && left > 0; i++) {
        const struct ouch_pending *pending = &session->pending[i];
        if (pending->command != COMMAND_REDUCE || pending->in_row) {
            continue;
        }
        left--;
        if (pending->user_ref_num == user_ref_num) {
            lots += pending->quantity.lots;
        }
    }
    return lots;
}

bool ouch_session_known(const struct ouch_session *session, uint32_t user_ref_num,
                        struct ouch_known *out_known)
{
    struct ouch_known known = {0};
    const struct ouch_order *order = ouch_orders_find(&session->orders, user_ref_num);
    const struct ouch_pending *pending =
        order != NULL ? NULL : pending_order(session, user_ref_num);
    int64_t reductions = pending_reductions(session, user_ref_num);
    if (order != NULL) {
        reductions += order->reducing.lots;
        known.price = order->price;
        known.total = order->total;
        known.open = order->open;
        known.side = order->side;
        known.time_in_force = order->time_in_force;
        memcpy(known.client_id, order->client_id, sizeof known.client_id);
    } else if (pending != NULL) {
        known.price = pending->price;
        known.total = pending->quantity;
        known.open = pending->quantity;
        known.side = pending->side;
        known.pending = true;
        memcpy(known.client_id, pending->client_id, sizeof known.client_id);
    } else {
        return false;
    }
    known.total.lots -= reductions;
    known.open.lots -= reductions;
    *out_known = known;
    return true;
}

const struct protocol_ops ouch_protocol = {
    .uses_directory = true,
    .open = session_open,
    .close = session_close,
    .apply = session_apply,
    .encode = ouch_outcome_encode,
    .decode = ouch_entry_decode,
    .new_order = session_new_order,
    .submitted = session_submitted,
    .refused = session_refused,
    .fenced = session_fenced,
};
