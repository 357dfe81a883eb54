/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a command ('c' first) or an event: no crash, and what decodes encodes to the same
 * bytes, in its version, again and can be validated and described in any room.
 */
#include "base/assert.h"
#include "wire/native/command_codec.h"
#include "wire/native/event_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void try_command(const uint8_t *bytes, size_t count, struct text *large, struct text *small)
{
    struct command command = {0};
    if (command_header_decode(bytes, count, &command.header) != STATUS_OK) {
        return;
    }
    unsigned version = command.header.version;
    bytes += COMMAND_HEADER_BYTES;
    count -= COMMAND_HEADER_BYTES;
    if (command_body_decode(bytes, count, &command) != STATUS_OK) {
        return;
    }
    uint8_t again[COMMAND_BODY_BYTES_MAX];
    ASSERT(command_body_encode_as(again, &command, version) == count);
    ASSERT(memcmp(again, bytes, count) == 0);
    (void)command_validate(&command);
    command_describe_text(&command, large);
    command_describe_json(&command, large);
    command_describe_json(&command, small);
}

static void try_event(const uint8_t *bytes, size_t count, struct text *large, struct text *small)
{
    struct event event = {0};
    if (event_header_decode(bytes, count, &event.header) != STATUS_OK) {
        return;
    }
    unsigned version = event.header.version;
    bytes += EVENT_HEADER_BYTES;
    count -= EVENT_HEADER_BYTES;
    if (event_body_decode(bytes, count, &event) != STATUS_OK) {
        return;
    }
    uint8_t again[EVENT_BODY_BYTES_MAX];
    ASSERT(event_body_encode_as(again, &event, version) == count);
    ASSERT(memcmp(again, bytes, count) == 0);
    (void)event_validate(&event);
    event_describe_text(&event, large);
    event_describe_json(&event, large);
    event_describe_json(&event, small);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    char large_bytes[8192];
    char small_bytes[48];
    struct text large;
    struct text small;
    text_init(&large, large_bytes, sizeof large_bytes);
    text_init(&small, small_bytes, sizeof small_bytes);
    if (count > 0) {
        (bytes[0] == 'c' ? try_command : try_event)(bytes + 1, count - 1, &large, &small);
    }
    ASSERT(!large.truncated);
    return 0;
}
