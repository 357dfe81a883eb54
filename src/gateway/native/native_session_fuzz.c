/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a native message: what becomes a command is of the kinds that sessions may send, and
 * says the same when it is encoded and decoded again.
 */
#include "base/assert.h"
#include "gateway/native/native_session.h"
#include "wire/native/sbe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct protocol_who who = {.account = 1, .session = 7, .participant = 1};
    struct directory directory = {0};
    struct protocol_intent intent;
    struct protocol_intent again;
    uint8_t copy[SBE_COMMAND_BYTES_MAX];
    void *state;
    ASSERT(native_protocol.open(&who, &state) == STATUS_OK);
    enum protocol_outcome outcome = native_protocol.decode(state, &directory, data, bytes, &intent);
    ASSERT(outcome != PROTOCOL_WRONG || intent.reason != NULL);
    ASSERT(outcome != PROTOCOL_DENIED || intent.code == REJECT_OPERATOR_ONLY);
    if (outcome == PROTOCOL_COMMAND) {
        uint8_t id = intent.command.header.id;
        ASSERT(id == COMMAND_NEW_ORDER || id == COMMAND_CANCEL || id == COMMAND_REDUCE ||
               id == COMMAND_REPLACE || id == COMMAND_MASS_CANCEL || id == COMMAND_SET_DEAD_MAN ||
               id == COMMAND_RESOLVE);
        size_t count = sbe_command_encode(copy, &intent.command);
        ASSERT(native_protocol.decode(state, &directory, copy, count, &again) == PROTOCOL_COMMAND);
        ASSERT(again.command.header.input_sequence == intent.command.header.input_sequence);
    }
    native_protocol.close(state);
    return 0;
}
