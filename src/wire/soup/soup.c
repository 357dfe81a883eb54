/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/soup/soup.h"

#include "base/assert.h"
#include "wire/blank.h"

#define FROM_CLIENT 1u
#define FROM_SERVER 2u

/* What a type may be: who sends it and, unless any, the bytes of its payload. */
struct kind {
    uint8_t sides;
    uint8_t any_length;
    uint8_t payload_bytes;
};

static const struct kind kinds[256] = {
    [SOUP_DEBUG] = {FROM_CLIENT | FROM_SERVER, 1, 0},
    [SOUP_LOGIN_ACCEPTED] = {FROM_SERVER, 0, SOUP_ACCEPTED_BYTES - SOUP_HEADER_BYTES},
    [SOUP_LOGIN_REJECTED] = {FROM_SERVER, 0, SOUP_REJECTED_BYTES - SOUP_HEADER_BYTES},
    [SOUP_SEQUENCED] = {FROM_SERVER, 1, 0},
    [SOUP_SERVER_HEARTBEAT] = {FROM_SERVER, 0, 0},
    [SOUP_END_OF_SESSION] = {FROM_SERVER, 0, 0},
    [SOUP_LOGIN] = {FROM_CLIENT, 0, SOUP_LOGIN_BYTES - SOUP_HEADER_BYTES},
    [SOUP_UNSEQUENCED] = {FROM_CLIENT | FROM_SERVER, 1, 0},
    [SOUP_CLIENT_HEARTBEAT] = {FROM_CLIENT, 0, 0},
    [SOUP_LOGOUT] = {FROM_CLIENT, 0, 0},
};

enum status soup_next(const uint8_t *bytes, size_t count, struct soup_packet *out_packet)
{
    if (count < SOUP_HEADER_BYTES) {
        return STATUS_AGAIN;
    }
    uint32_t length = bytes_load_be16(bytes);
    const struct kind *kind = &kinds[bytes[2]];
    if (length == 0 || length > SOUP_PAYLOAD_BYTES_MAX + 1 || kind->sides == 0) {
        return STATUS_INVALID;
    }
    if (!kind->any_length && length != (uint32_t)kind->payload_bytes + 1) {
        return STATUS_INVALID;
    }
    if (count - 2 < length) {
        return STATUS_AGAIN;
    }
    out_packet->payload = bytes + SOUP_HEADER_BYTES;
    out_packet->payload_bytes = length - 1;
    out_packet->bytes = length + 2;
    out_packet->type = bytes[2];
    return STATUS_OK;
}

bool soup_from_client(uint8_t type)
{
    return (kinds[type].sides & FROM_CLIENT) != 0;
}

bool soup_from_server(uint8_t type)
{
    return (kinds[type].sides & FROM_SERVER) != 0;
}

/* A blank-padded text without its blanks on either side, NUL-terminated (user and password stand on
 * the left of their fields, a session's name on the right; both are taken either way). Control
 * bytes are refused so that no peer can cut a name short or write into a terminal. */
static enum status text_decode(const uint8_t *at, size_t bytes, char *out_text)
{
    for (size_t i = 0; i < bytes; i++) {
        if (at[i] < ' ' || at[i] > '~') {
            return STATUS_INVALID;
        }
    }
    while (bytes > 0 && at[0] == ' ') {
        at++;
        bytes--;
    }
    memcpy(out_text, at, bytes);
    out_text[blank_length(out_text, bytes)] = '\0';
    return STATUS_OK;
}

static void text_encode(const char *text, size_t bytes, uint8_t *out)
{
    blank_set((char *)out, bytes, text, strlen(text));
}

static void session_encode(const char *session, uint8_t *out)
{
    size_t length = strlen(session);
    ASSERT(length <= SOUP_SESSION_BYTES);
    memset(out, ' ', SOUP_SESSION_BYTES - length);
    memcpy(out + SOUP_SESSION_BYTES - length, session, length);
}

enum status soup_decode_login(const struct soup_packet *packet, struct soup_login *out_login)
{
    ASSERT(packet->type == SOUP_LOGIN);
    const uint8_t *at = packet->payload;
    struct soup_login login = {0};
    enum status status = text_decode(at, SOUP_USERNAME_BYTES, login.username);
    if (status == STATUS_OK) {
        status = text_decode(at + 6, SOUP_PASSWORD_BYTES, login.password);
    }
    if (status == STATUS_OK) {
        status = text_decode(at + 16, SOUP_SESSION_BYTES, login.session);
    }
    if (status == STATUS_OK) {
        status = blank_number((const char *)at + 26, SOUP_SEQUENCE_BYTES, &login.sequence);
    }
    if (status == STATUS_OK) {
        *out_login = login;
    }
    return status;
}

enum status soup_decode_accepted(const struct soup_packet *packet,
                                 struct soup_accepted *out_accepted)
{
    ASSERT(packet->type == SOUP_LOGIN_ACCEPTED);
    struct soup_accepted accepted = {0};
    enum status status = text_decode(packet->payload, SOUP_SESSION_BYTES, accepted.session);
    if (status == STATUS_OK) {
        status = blank_number((const char *)packet->payload + SOUP_SESSION_BYTES,
                              SOUP_SEQUENCE_BYTES, &accepted.sequence);
    }
    if (status == STATUS_OK) {
        *out_accepted = accepted;
    }
    return status;
}

enum status soup_decode_rejected(const struct soup_packet *packet, uint8_t *out_reason)
{
    ASSERT(packet->type == SOUP_LOGIN_REJECTED);
    uint8_t reason = packet->payload[0];
    if (reason != SOUP_NOT_AUTHORIZED && reason != SOUP_SESSION_NOT_AVAILABLE) {
        return STATUS_INVALID;
    }
    *out_reason = reason;
    return STATUS_OK;
}

size_t soup_encode_login(const struct soup_login *login, uint8_t *out)
{
    soup_encode_header(SOUP_LOGIN, SOUP_LOGIN_BYTES - SOUP_HEADER_BYTES, out);
    uint8_t *at = out + SOUP_HEADER_BYTES;
    text_encode(login->username, SOUP_USERNAME_BYTES, at);
    text_encode(login->password, SOUP_PASSWORD_BYTES, at + 6);
    session_encode(login->session, at + 16);
    blank_number_set((char *)at + 26, SOUP_SEQUENCE_BYTES, login->sequence);
    return SOUP_LOGIN_BYTES;
}

size_t soup_encode_accepted(const struct soup_accepted *accepted, uint8_t *out)
{
    soup_encode_header(SOUP_LOGIN_ACCEPTED, SOUP_ACCEPTED_BYTES - SOUP_HEADER_BYTES, out);
    uint8_t *at = out + SOUP_HEADER_BYTES;
    session_encode(accepted->session, at);
    blank_number_set((char *)at + SOUP_SESSION_BYTES, SOUP_SEQUENCE_BYTES, accepted->sequence);
    return SOUP_ACCEPTED_BYTES;
}

size_t soup_encode_rejected(enum soup_reject reason, uint8_t *out)
{
    soup_encode_header(SOUP_LOGIN_REJECTED, 1, out);
    out[SOUP_HEADER_BYTES] = (uint8_t)reason;
    return SOUP_REJECTED_BYTES;
}

size_t soup_encode_empty(enum soup_type type, uint8_t *out)
{
    ASSERT(!kinds[type].any_length && kinds[type].payload_bytes == 0 && kinds[type].sides != 0);
    soup_encode_header(type, 0, out);
    return SOUP_HEADER_BYTES;
}

size_t soup_encode_debug(const char *text, uint8_t *out)
{
    size_t length = strlen(text);
    ASSERT(length <= SOUP_PAYLOAD_BYTES_MAX);
    soup_encode_header(SOUP_DEBUG, length, out);
    memcpy(out + SOUP_HEADER_BYTES, text, length);
    return SOUP_HEADER_BYTES + length;
}
