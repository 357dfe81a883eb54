/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/native/native_session.h"

#include "wire/native/sbe.h"

#include <stdlib.h>

_Static_assert(SBE_EVENT_BYTES_MAX <= PROTOCOL_MESSAGE_BYTES_MAX, "a message fits");

static enum status session_open(const struct protocol_who *who, void **out_state)
{
    struct protocol_who *state = malloc(sizeof *state);
    if (state == NULL) {
        return STATUS_NO_MEMORY;
    }
    *state = *who;
    *out_state = state;
    return STATUS_OK;
}

static void session_close(void *state)
{
    free(state);
}

/* What the session may still send at once, as the event itself says. */
static uint32_t budget_of(const struct event *event)
{
    switch (event->header.id) {
    case EVENT_ACCEPTED:
        return event->accepted.budget;
    case EVENT_REPLACED:
        return event->replaced.budget;
    case EVENT_REJECTED:
        return event->rejected.budget;
    default:
        return SBE_BUDGET_UNLIMITED;
    }
}

static size_t session_encode(const void *state, const struct directory *directory,
                             const struct stream_entry *entry, const struct event *event,
                             uint8_t *out)
{
    (void)state;
    (void)directory;
    struct event_header header = event->header;
    header.sequence = entry->event_sequence;
    header.time_ns = entry->time_ns;
    return sbe_event_wrap(out, entry->bytes, entry->count, &header, budget_of(event));
}

/* The account that a command names; null for kinds without one, or whose 0 means something. */
static uint64_t *account_of(struct command *command)
{
    switch (command->header.id) {
    case COMMAND_NEW_ORDER:
        return &command->new_order.account;
    case COMMAND_CANCEL:
        return &command->cancel.account;
    case COMMAND_REDUCE:
        return &command->reduce.account;
    case COMMAND_REPLACE:
        return &command->replace.account;
    case COMMAND_RESOLVE:
        return &command->resolve.account;
    default:
        return NULL;
    }
}

/* What a session may say to the engine; everything else is the operator's or the gateway's own. */
static bool is_for_sessions(uint8_t id)
{
    switch (id) {
    case COMMAND_NEW_ORDER:
    case COMMAND_CANCEL:
    case COMMAND_REDUCE:
    case COMMAND_REPLACE:
    case COMMAND_MASS_CANCEL:
    case COMMAND_SET_DEAD_MAN:
    case COMMAND_RESOLVE:
        return true;
    default:
        return false;
    }
}

static enum protocol_outcome session_decode(const void *state, const struct directory *directory,
                                            const uint8_t *bytes, size_t count,
                                            struct protocol_intent *out_intent)
{
    (void)directory;
    const struct protocol_who *who = state;
    *out_intent = (struct protocol_intent){0};
    struct command *command = &out_intent->command;
    enum status status = sbe_command_decode(bytes, count, command);
    if (status != STATUS_OK) {
        out_intent->reason = status == STATUS_UNSUPPORTED
                                 ? "no message of this schema, or not of this version"
                                 : "the message has a wrong length or a text that is none";
        return PROTOCOL_WRONG;
    }
    out_intent->reference = command->header.input_sequence;
    if (command->header.input_sequence == 0) {
        out_intent->reason = "an input sequence counts from 1";
        return PROTOCOL_WRONG;
    }
    if (!is_for_sessions(command->header.id)) {
        out_intent->code = REJECT_OPERATOR_ONLY;
        return PROTOCOL_DENIED;
    }
    uint64_t *account = account_of(command);
    if (account != NULL && *account == 0) {
        *account = who->account;
    }
    return PROTOCOL_COMMAND;
}

static enum status session_submitted(void *state, const struct protocol_intent *intent,
                                     uint64_t input_sequence)
{
    (void)state;
    (void)intent;
    (void)input_sequence;
    return STATUS_OK;
}

static size_t session_refused(void *state, const struct protocol_refusal *refusal, uint8_t *out)
{
    (void)state;
    struct sbe_not_sequenced message = {
        .input_sequence =
            refusal->input_sequence != 0 ? refusal->input_sequence : refusal->reference,
        .retry_after_us = refusal->retry_after_us,
        .code = (uint16_t)refusal->code,
    };
    return sbe_not_sequenced_encode(out, &message);
}

static void session_fenced(void *state)
{
    (void)state;
}

const struct protocol_ops native_protocol = {
    .open = session_open,
    .close = session_close,
    .encode = session_encode,
    .decode = session_decode,
    .submitted = session_submitted,
    .refused = session_refused,
    .fenced = session_fenced,
};
