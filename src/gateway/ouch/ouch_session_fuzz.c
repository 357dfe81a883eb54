/* SPDX-License-Identifier: Apache-2.0
 *
 * A session's life as a sequence: client messages, refusals, and entries with any event in them.
 * Whatever comes, a decoded command is valid in its closed sets, every entry becomes one OUCH
 * message, and the same entry gives the same message again.
 */
#include "base/assert.h"
#include "gateway/ouch/ouch_session.h"
#include "wire/native/command_codec.h"
#include "wire/native/event_codec.h"
#include "wire/ouch/ouch.h"

#define SESSION 7u

struct life {
    void *session;
    struct directory directory;
    uint64_t number;
    uint64_t input_sequence;
};

static void take_message(struct life *life, const uint8_t *bytes, size_t count)
{
    struct protocol_intent intent;
    enum protocol_outcome outcome =
        ouch_protocol.decode(life->session, &life->directory, bytes, count, &intent);
    if (outcome == PROTOCOL_COMMAND) {
        ASSERT(command_validate(&intent.command) == 0);
        ASSERT(ouch_protocol.submitted(life->session, &intent, ++life->input_sequence) ==
               STATUS_OK);
    } else {
        ASSERT(outcome != PROTOCOL_WRONG || intent.reason != NULL);
    }
}

static void take_entry(struct life *life, const uint8_t *bytes, size_t count)
{
    struct event event = {0};
    uint8_t message[PROTOCOL_MESSAGE_BYTES_MAX];
    uint8_t again[PROTOCOL_MESSAGE_BYTES_MAX];
    event.header.id = bytes[0];
    event.header.version = 1;
    if (event_body_decode(bytes + 1, count - 1, &event) != STATUS_OK ||
        event_validate(&event) != 0) {
        return; /* no engine says that */
    }
    life->number++;
    struct stream_entry entry = {.number = life->number,
                                 .event_sequence = life->number * 2,
                                 .time_ns = life->number,
                                 .side = (life->number & 1) != 0 ? STREAM_MAKER : STREAM_TAKER};
    ASSERT(ouch_protocol.apply(life->session, &entry, &event) == STATUS_OK);
    size_t first = ouch_protocol.encode(life->session, &life->directory, &entry, &event, message);
    ASSERT(ouch_check(OUCH_OUT, message, first) == STATUS_OK);
    size_t second = ouch_protocol.encode(life->session, &life->directory, &entry, &event, again);
    ASSERT(first == second && memcmp(message, again, first) == 0);
    (void)directory_apply(&life->directory, &event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct protocol_who who = {.account = 1, .session = SESSION, .participant = 1};
    struct life life = {0};
    uint8_t out[PROTOCOL_MESSAGE_BYTES_MAX];
    ASSERT(ouch_protocol.open(&who, &life.session) == STATUS_OK);
    size_t at = 0;
    while (at + 2 <= bytes) {
        uint8_t kind = data[at];
        size_t count = data[at + 1];
        at += 2;
        count = count < bytes - at ? count : bytes - at;
        if (kind < 120) {
            take_message(&life, data + at, count);
        } else if (kind < 240) {
            if (count > 0) {
                take_entry(&life, data + at, count);
            }
        } else if (kind < 250) {
            struct protocol_refusal refusal = {.input_sequence = count};
            ASSERT(ouch_protocol.refused(life.session, &refusal, out) > 0);
        } else {
            ouch_protocol.fenced(life.session);
        }
        at += count;
    }
    ouch_protocol.close(life.session);
    directory_deinit(&life.directory);
    return 0;
}
