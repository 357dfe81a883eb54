/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/workload_parts.h"

/* A session that is open: the header speaks for it. False if none was found quickly. */
static bool speak_for_session(struct workload *workload, struct command_header *out)
{
    const struct twin *twin = workload->twin;
    for (unsigned attempt = 0; attempt < 8; attempt++) {
        uint32_t number = (uint32_t)prng_between(&workload->prng, 1, twin->limits.max_sessions);
        const struct twin_session *session = &twin->sessions[number];
        if (session->incarnation != 0 && !session->closed) {
            out->session = number;
            out->incarnation = session->incarnation;
            out->input_sequence = session->input_sequence + 1;
            return true;
        }
    }
    return false;
}

/* An instrument that is not open, or one at random. */
static void control_phase(struct workload *workload, struct command *out)
{
    struct prng *prng = &workload->prng;
    const struct twin *twin = workload->twin;
    struct command_set_phase *in = &out->set_phase;
    out->header.id = COMMAND_SET_PHASE;
    in->instrument = (uint32_t)prng_below(prng, twin->limits.max_instruments + 2);
    in->phase = (enum phase)prng_between(prng, PHASE_OPEN, PHASE_CLOSED);
    in->reason =
        (enum phase_reason)prng_between(prng, PHASE_REASON_SCHEDULED, PHASE_REASON_TECHNICAL);
    for (uint32_t i = 1; i <= twin->limits.max_instruments; i++) {
        if (twin->instruments[i].listed && twin->instruments[i].phase != PHASE_OPEN &&
            workload_chance(workload, 80)) {
            in->instrument = workload_chance(workload, 50) ? i : 0;
            in->phase = PHASE_OPEN;
        }
    }
    if (workload_chance(workload, 4)) {
        in->phase = (enum phase)(workload_chance(workload, 50) ? 0 : 4);
    } else if (workload_chance(workload, 3)) {
        in->reason = (enum phase_reason)6;
    } else if (workload_chance(workload, 10)) {
        speak_for_session(workload, &out->header);
    }
}

/* Lifts a block that is there; false if there is none. */
static bool unblock(struct workload *workload, struct command_set_block *in)
{
    const struct twin *twin = workload->twin;
    for (size_t i = 0; i < twin->account_count; i++) {
        if (twin->accounts[i].blocked || twin->accounts[i].participant_blocked) {
            in->target =
                twin->accounts[i].blocked ? BLOCK_TARGET_ACCOUNT : BLOCK_TARGET_PARTICIPANT;
            in->number = twin->accounts[i].blocked ? twin->accounts[i].terms.account
                                                   : twin->accounts[i].terms.participant;
            return workload_chance(workload, 80);
        }
    }
    for (uint32_t i = 1; i <= twin->limits.max_sessions; i++) {
        if (twin->sessions[i].blocked) {
            in->target = BLOCK_TARGET_SESSION;
            in->number = i;
            return workload_chance(workload, 80);
        }
    }
    return false;
}

static void control_block(struct workload *workload, struct command *out)
{
    struct prng *prng = &workload->prng;
    const struct twin *twin = workload->twin;
    struct command_set_block *in = &out->set_block;
    out->header.id = COMMAND_SET_BLOCK;
    if (!unblock(workload, in)) {
        in->blocked = (uint8_t)prng_below(prng, 2);
        in->target =
            (enum block_target)prng_between(prng, BLOCK_TARGET_PARTICIPANT, BLOCK_TARGET_SESSION);
        in->number = prng_below(prng, 11);
        if (in->target == BLOCK_TARGET_ACCOUNT) {
            in->number = twin->accounts[prng_below(prng, twin->account_count)].terms.account;
        }
    }
    if (workload_chance(workload, 5)) {
        in->number |= UINT64_C(1) << prng_between(prng, 32, 63);
    } else if (workload_chance(workload, 4)) {
        in->target = (enum block_target)(workload_chance(workload, 50) ? 0 : 4);
    } else if (workload_chance(workload, 3)) {
        in->blocked = 2;
    } else if (workload_chance(workload, 10)) {
        speak_for_session(workload, &out->header);
    }
}

/* Groups 1 to 3 are those of accounts and orders; modes change now and then. */
static void control_group(struct workload *workload, struct command *out)
{
    struct prng *prng = &workload->prng;
    struct command_set_group *in = &out->set_group;
    out->header.id = COMMAND_SET_GROUP;
    in->self_trade_group = (uint32_t)prng_between(prng, 1, 3);
    if (workload_chance(workload, 75)) {
        in->mode =
            (enum self_trade)prng_between(prng, SELF_TRADE_CANCEL_NEWEST, SELF_TRADE_DECREMENT);
    }
    if (workload_chance(workload, 5)) {
        in->self_trade_group =
            (uint32_t)prng_below(prng, 2) * (workload->twin->limits.max_accounts + 1);
    } else if (workload_chance(workload, 4)) {
        in->mode = (enum self_trade)5;
    } else if (workload_chance(workload, 10)) {
        speak_for_session(workload, &out->header);
    }
}

/* The newest rules, once; what is not later is refused. */
static void control_logic(struct workload *workload, struct command *out)
{
    out->header.id = COMMAND_LOGIC_VERSION;
    out->logic_version.logic_version = LOGIC_NEWEST;
    if (workload_chance(workload, 80)) {
        out->logic_version.logic_version = (uint16_t)prng_below(&workload->prng, LOGIC_NEWEST);
    } else if (workload_chance(workload, 10)) {
        speak_for_session(workload, &out->header);
    }
}

/* Asks again before the last one of the same sender is at its end. */
static void ask_again(struct workload *workload, struct command *out)
{
    const struct twin *twin = workload->twin;
    const struct twin_mass_cancel *first = &twin->mass_cancels[0];
    const struct twin_session *session = &twin->sessions[first->asked_by];
    out->header.id = COMMAND_MASS_CANCEL;
    out->header.session = first->asked_by;
    out->header.incarnation = session->incarnation;
    out->header.input_sequence = session->input_sequence + 1;
    out->mass_cancel = first->asked;
    out->mass_cancel.tag++;
}

/* So narrow that large books stay filled. */
static void control_mass_cancel(struct workload *workload, struct command *out)
{
    struct prng *prng = &workload->prng;
    const struct twin *twin = workload->twin;
    struct command_mass_cancel *in = &out->mass_cancel;
    out->header.id = COMMAND_MASS_CANCEL;
    in->tag = prng_next(prng);
    bool wide = workload_chance(workload, workload->profile->live_target > 200 ? 2 : 35);
    if (!workload_chance(workload, 20) && speak_for_session(workload, &out->header)) {
        in->participant =
            workload_chance(workload, 20) ? twin->sessions[out->header.session].participant : 0;
    } else if (!wide) {
        in->participant = (uint32_t)prng_below(prng, 5);
    }
    if (!wide || workload_chance(workload, 70)) {
        in->account = twin->accounts[prng_below(prng, twin->account_count)].terms.account;
    }
    if (!wide && workload_chance(workload, 50)) {
        in->orders_of = (uint32_t)prng_below(prng, twin->limits.max_sessions + 2);
    }
    if (!wide && workload_chance(workload, 50)) {
        in->side = (uint8_t)prng_below(prng, 3);
    }
    if (!wide && workload_chance(workload, 40)) {
        in->instrument = (uint32_t)prng_below(prng, twin->limits.max_instruments + 1);
    }
    switch (prng_below(prng, 40)) {
    case 0:
        in->side = 3;
        break;
    case 1:
        in->instrument = twin->limits.max_instruments + 1;
        break;
    case 2:
        in->account = UINT64_MAX;
        break;
    case 3:
        in->participant = 2;
        break;
    default:
        break;
    }
}

/* Mostly what the session's reserve allows. Now and then a gateway that loops: always the same
 * session, until its bucket is empty. */
void workload_admin(struct workload *workload, struct command *out)
{
    struct prng *prng = &workload->prng;
    const struct twin *twin = workload->twin;
    struct command_session_admin *in = &out->session_admin;
    out->header.id = COMMAND_SESSION_ADMIN;
    const struct twin_session *session = &twin->sessions[1];
    if (session->incarnation != 0 && !session->closed && workload_chance(workload, 60)) {
        out->header.session = 1;
        out->header.incarnation = session->incarnation;
    } else if (!workload_chance(workload, 5) && speak_for_session(workload, &out->header)) {
        session = &twin->sessions[out->header.session];
        out->header.input_sequence = prng_below(prng, 3);
    }
    in->kind = (enum admin_kind)prng_between(prng, ADMIN_KIND_NOTE, ADMIN_KIND_FILL);
    if (session->reserve > 0 && workload_chance(workload, 40)) {
        in->kind = ADMIN_KIND_FILL;
    }
    if (in->kind == ADMIN_KIND_NOTE) {
        in->note = (enum session_note)prng_between(prng, SESSION_NOTE_VENUE_STOPS,
                                                   SESSION_NOTE_GATEWAY_STOPS);
    } else if (in->kind == ADMIN_KIND_RESERVE) {
        in->count = (uint8_t)prng_between(prng, 1, 6);
    } else {
        in->count = (uint8_t)prng_below(prng, (uint64_t)session->reserve + 2);
    }
    switch (prng_below(prng, 40)) {
    case 0:
        in->kind = (enum admin_kind)(workload_chance(workload, 50) ? 0 : 4);
        break;
    case 1:
        in->note = (enum session_note)prng_below(prng, 4);
        break;
    case 2:
        in->count = (uint8_t)prng_below(prng, 9);
        break;
    default:
        break;
    }
}

static bool is_halted(const struct twin *twin)
{
    for (uint32_t i = 1; i <= twin->limits.max_instruments; i++) {
        if (twin->instruments[i].listed && twin->instruments[i].phase != PHASE_OPEN) {
            return true;
        }
    }
    return false;
}

static bool is_blocked(const struct twin *twin)
{
    for (size_t i = 0; i < twin->account_count; i++) {
        if (twin->accounts[i].blocked || twin->accounts[i].participant_blocked) {
            return true;
        }
    }
    return false;
}

bool workload_wants_control(struct workload *workload)
{
    if (workload->twin->mass_cancel_count > 0) {
        return workload_chance(workload, 90);
    }
    return workload_chance(workload, 20) &&
           (is_halted(workload->twin) || is_blocked(workload->twin));
}

void workload_control(struct workload *workload, struct command *out)
{
    struct prng *prng = &workload->prng;
    uint64_t dice = prng_below(prng, 100);
    if (workload->twin->mass_cancel_count > 0 && dice < 75) {
        ask_again(workload, out);
    } else if (dice < 12 || (dice < 60 && is_halted(workload->twin))) {
        control_phase(workload, out);
    } else if (dice < 30 || (dice < 60 && is_blocked(workload->twin))) {
        control_block(workload, out);
    } else if (dice < 36) {
        control_group(workload, out);
    } else if (dice < 38) {
        control_logic(workload, out);
    } else if (dice < 75) {
        control_mass_cancel(workload, out);
    } else if (dice < 85) {
        out->header.id = COMMAND_SESSION_LOST;
        out->session_lost.reason =
            (enum session_end)prng_between(prng, SESSION_END_LOGGED_OUT, SESSION_END_GATEWAY_LOST);
        if (workload_chance(workload, 5)) {
            out->session_lost.reason = (enum session_end)6;
        }
        if (!workload_chance(workload, 5)) {
            speak_for_session(workload, &out->header);
        }
    } else {
        out->header.id = COMMAND_SET_DEAD_MAN;
        out->set_dead_man.timeout_ms = (uint32_t)prng_between(prng, 8, 40);
        if (workload_chance(workload, 10)) {
            out->set_dead_man.timeout_ms = 0;
        }
        if (!workload_chance(workload, 5)) {
            speak_for_session(workload, &out->header);
        }
    }
}
