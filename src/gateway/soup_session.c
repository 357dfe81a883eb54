/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/soup_session.h"

#include "base/assert.h"

void soup_session_init(struct soup_session *session, const struct soup_session_limits *limits,
                       int64_t now_ns)
{
    *session = (struct soup_session){
        .limits = *limits,
        .began_ns = now_ns,
        .heard_ns = now_ns,
        .sent_ns = now_ns,
        .state = SOUP_STATE_LOGIN,
    };
}

static struct soup_action cut(struct soup_session *session, const char *reason)
{
    session->state = SOUP_STATE_OVER;
    return (struct soup_action){.kind = SOUP_ACTION_CUT, .reason = reason};
}

static struct soup_action take_login(struct soup_session *session, const struct soup_packet *packet)
{
    struct soup_action action = {.kind = SOUP_ACTION_LOGIN};
    if (session->state != SOUP_STATE_LOGIN) {
        return cut(session, "a second login on one connection");
    }
    if (soup_decode_login(packet, &action.login) != STATUS_OK) {
        return cut(session, "the login holds control characters or a number that is none");
    }
    session->state = SOUP_STATE_CHECKING;
    return action;
}

static struct soup_action take_packet(struct soup_session *session,
                                      const struct soup_packet *packet)
{
    struct soup_action action = {.payload = packet->payload,
                                 .payload_bytes = packet->payload_bytes};
    switch (packet->type) {
    case SOUP_LOGIN:
        return take_login(session, packet);
    case SOUP_UNSEQUENCED:
        if (session->state != SOUP_STATE_LIVE) {
            return cut(session, "a message before the login was accepted");
        }
        action.kind = SOUP_ACTION_MESSAGE;
        return action;
    case SOUP_CLIENT_HEARTBEAT:
        return (struct soup_action){.kind = SOUP_ACTION_NONE};
    case SOUP_DEBUG:
        action.kind = SOUP_ACTION_DEBUG;
        return action;
    case SOUP_LOGOUT:
        session->state = SOUP_STATE_OVER;
        return (struct soup_action){.kind = SOUP_ACTION_LOGOUT};
    default:
        return cut(session, "a packet that only a server sends");
    }
}

struct soup_action soup_session_read(struct soup_session *session, int64_t now_ns,
                                     const uint8_t *bytes, size_t count, size_t *out_consumed)
{
    *out_consumed = 0;
    if (session->state == SOUP_STATE_OVER) {
        *out_consumed = count;
        return (struct soup_action){.kind = SOUP_ACTION_NONE};
    }
    struct soup_packet packet;
    enum status status = soup_next(bytes, count, &packet);
    if (status == STATUS_AGAIN) {
        return (struct soup_action){.kind = SOUP_ACTION_NONE};
    }
    if (status != STATUS_OK) {
        *out_consumed = count;
        return cut(session, "the bytes are no SoupBinTCP packet");
    }
    ASSERT(packet.bytes <= count);
    *out_consumed = packet.bytes;
    session->heard_ns = now_ns;
    return take_packet(session, &packet);
}

struct soup_action soup_session_tick(struct soup_session *session, int64_t now_ns)
{
    if (session->state == SOUP_STATE_OVER) {
        return (struct soup_action){.kind = SOUP_ACTION_NONE};
    }
    if (session->state != SOUP_STATE_LIVE) {
        if (now_ns - session->began_ns >= session->limits.login_timeout_ns) {
            return cut(session, "no login was completed in time");
        }
        return (struct soup_action){.kind = SOUP_ACTION_NONE};
    }
    if (now_ns - session->heard_ns >= session->limits.silence_ns) {
        struct soup_action action = cut(session, "the client was silent for too long");
        action.silent = true;
        return action;
    }
    if (now_ns - session->sent_ns >= session->limits.heartbeat_ns) {
        return (struct soup_action){.kind = SOUP_ACTION_HEARTBEAT};
    }
    return (struct soup_action){.kind = SOUP_ACTION_NONE};
}

void soup_session_checked(struct soup_session *session, bool good)
{
    if (session->state == SOUP_STATE_CHECKING) {
        session->state = good ? SOUP_STATE_OPENING : SOUP_STATE_OVER;
    }
}

void soup_session_opened(struct soup_session *session, int64_t now_ns)
{
    if (session->state == SOUP_STATE_OPENING) {
        session->state = SOUP_STATE_LIVE;
        session->heard_ns = now_ns;
        session->sent_ns = now_ns;
    }
}
