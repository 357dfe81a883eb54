/* SPDX-License-Identifier: Apache-2.0
 *
 * Everything that a venue may send, after a login: packets of any kind, cut anywhere, messages of
 * both protocols. First byte: which protocol.
 */
#include "client/messages.h"
#include "client/soup_client.h"

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    const struct messages_ops *ops = data[0] & 1 ? &ouch_messages : &native_messages;
    struct messages messages = {.username = "ALICE1", .session = 1};
    struct soup_client client;
    struct soup_login login = {.username = "ALICE1"};
    uint8_t out[SOUP_LOGIN_BYTES];
    soup_client_init(&client, &login, 1, 1);
    soup_client_connecting(&client, 0);
    (void)soup_client_connected(&client, 0, out);
    uint64_t expected = 1;
    size_t at = 1;
    size_t used = 1;
    while (used > 0 && !soup_client_is_over(&client)) {
        struct soup_client_action action =
            soup_client_read(&client, 0, data + at, size - at, &used);
        at += used;
        ASSERT(at <= size);
        if (action.kind == CLIENT_MESSAGE) {
            struct dojima_event event;
            ASSERT(action.number == expected);
            expected++;
            (void)!ops->decode(&messages, action.payload, action.payload_bytes, &event);
        } else if (action.kind == CLIENT_UNNUMBERED) {
            struct refusal refusal;
            (void)!ops->refused(action.payload, action.payload_bytes, &refusal);
        } else if (action.kind == CLIENT_CUT) {
            break;
        }
    }
    messages_deinit(&messages);
    return 0;
}
