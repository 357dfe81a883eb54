/* SPDX-License-Identifier: Apache-2.0
 *
 * Any line to the operator's socket: there is always an answer, it is one line, and what it submits
 * is a valid command of the operator's.
 */
#include "base/assert.h"
#include "gateway/admin/answer.h"
#include "wire/native/command_codec.h"

#include <stdlib.h>

static enum status submit(struct port *port, const struct command *command)
{
    (void)port;
    ASSERT(command->header.id == COMMAND_SET_PHASE || command->header.id == COMMAND_SET_BLOCK ||
           command->header.id == COMMAND_SET_GROUP || command->header.id == COMMAND_LOGIC_VERSION);
    ASSERT(command->header.id != COMMAND_LOGIC_VERSION ||
           command->logic_version.logic_version <= LOGIC_NEWEST);
    ASSERT(command->header.session == 0 && command_validate(command) == 0);
    return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    const struct port_ops ops = {.submit = submit};
    struct port port = {.ops = &ops};
    struct admin admin = {.options = {.port = &port}};
    struct event listed = {.header = {.id = EVENT_INSTRUMENT_LISTED}};
    listed.instrument_listed =
        (struct event_instrument_listed){.instrument = 3, .symbol = {.bytes = "RICE"}};
    ASSERT(directory_apply(&admin.directory, &listed) == STATUS_OK);
    char *answer = answer_to(&admin, (const char *)data, bytes);
    ASSERT(answer != NULL && strchr(answer, '\n') == NULL);
    free(answer);
    directory_deinit(&admin.directory);
    return 0;
}
