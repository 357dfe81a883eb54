/* SPDX-License-Identifier: Apache-2.0
 *
 * A conversation as a sequence: each step of the input is an order to the machine (bytes, time, an
 * answer), and after each the machine's promises are checked.
 */
#include "base/assert.h"
#include "gateway/soup_session.h"

static void check(const struct soup_session *session, const struct soup_action *action,
                  enum soup_state before, size_t consumed, size_t given)
{
    ASSERT(consumed <= given);
    ASSERT(session->state >= before);
    ASSERT(action->kind != SOUP_ACTION_MESSAGE || before == SOUP_STATE_LIVE);
    ASSERT(action->kind != SOUP_ACTION_LOGIN || before == SOUP_STATE_LOGIN);
    ASSERT(action->kind != SOUP_ACTION_CUT || action->reason != NULL);
    ASSERT(before != SOUP_STATE_OVER || action->kind == SOUP_ACTION_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    const struct soup_session_limits limits = {
        .login_timeout_ns = 1000, .heartbeat_ns = 100, .silence_ns = 1500};
    struct soup_session session;
    int64_t now_ns = 0;
    soup_session_init(&session, &limits, now_ns);
    size_t at = 0;
    while (at < bytes) {
        enum soup_state before = session.state;
        uint8_t step = data[at++];
        size_t given = bytes - at < (size_t)(step >> 1) ? bytes - at : (size_t)(step >> 1);
        size_t consumed = 0;
        struct soup_action action = {.kind = SOUP_ACTION_NONE};
        if (step == 0xff) {
            soup_session_checked(&session, true);
        } else if (step == 0xfd) {
            soup_session_checked(&session, false);
        } else if (step == 0xfb) {
            soup_session_opened(&session, now_ns);
        } else if ((step & 1) != 0) {
            now_ns += step * 4;
            action = soup_session_tick(&session, now_ns);
        } else {
            action = soup_session_read(&session, now_ns, data + at, given, &consumed);
            at += consumed > 0 ? consumed : given;
        }
        check(&session, &action, before, consumed, given);
    }
    return 0;
}
