/* SPDX-License-Identifier: Apache-2.0
 *
 * LOGIC_VERSION: which version of the rules applies. docs/reference/versions.md.
 */
#include "engine/state.h"
#include "wire/native/command_codec.h"

bool engine_understands(const struct command *command)
{
    return command->header.id != COMMAND_LOGIC_VERSION ||
           command->logic_version.logic_version <= LOGIC_NEWEST;
}

/* Reasons grow with what the engine does; above this one they are none that a REDUCE may name, and
 * 0.1 refused them before it looked at the name. */
#define REDUCE_REASON_MOST REASON_MASS_CANCEL

unsigned engine_invalid_field(const struct command *command)
{
    if (command->header.id == COMMAND_REDUCE &&
        UNLIKELY(command->reduce.reason > REDUCE_REASON_MOST)) {
        return 3;
    }
    return command_validate(command);
}

struct refusal apply_logic_version(struct apply *apply)
{
    struct engine *engine = apply->engine;
    uint16_t logic = apply->command->logic_version.logic_version;
    struct refusal refusal = check_operator(apply);
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    if (logic <= engine->logic) {
        return refuse(REJECT_LOGIC_NOT_LATER, engine->logic, logic);
    }
    EVENT_PUT(apply->events, LOGIC_CHANGED, logic_changed,
              (&(struct event_logic_changed){.before = engine->logic, .logic_version = logic}),
              apply->command->header.sequence);
    engine->logic = logic;
    return refusal_none();
}
