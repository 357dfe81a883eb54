/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a stream of SoupBinTCP packets, whole and cut anywhere: no crash, the same packets
 * whatever the cuts, and a login or its answer comes back as it went.
 */
#include "base/assert.h"
#include "wire/soup/soup.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void try_login(const struct soup_packet *packet)
{
    struct soup_login login;
    struct soup_login back;
    if (soup_decode_login(packet, &login) != STATUS_OK) {
        return;
    }
    uint8_t out[SOUP_LOGIN_BYTES];
    struct soup_packet again;
    ASSERT(soup_encode_login(&login, out) == sizeof out);
    ASSERT(soup_next(out, sizeof out, &again) == STATUS_OK);
    ASSERT(soup_decode_login(&again, &back) == STATUS_OK);
    ASSERT(login.sequence == back.sequence && strcmp(login.username, back.username) == 0);
    ASSERT(strcmp(login.password, back.password) == 0 && strcmp(login.session, back.session) == 0);
}

static void try_answer(const struct soup_packet *packet)
{
    struct soup_accepted accepted;
    struct soup_accepted back;
    if (soup_decode_accepted(packet, &accepted) != STATUS_OK) {
        return;
    }
    uint8_t out[SOUP_ACCEPTED_BYTES];
    struct soup_packet again;
    ASSERT(soup_encode_accepted(&accepted, out) == sizeof out);
    ASSERT(soup_next(out, sizeof out, &again) == STATUS_OK);
    ASSERT(soup_decode_accepted(&again, &back) == STATUS_OK);
    ASSERT(accepted.sequence == back.sequence && strcmp(accepted.session, back.session) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct soup_packet packet;
    size_t at = 0;
    while (soup_next(bytes + at, count - at, &packet) == STATUS_OK) {
        ASSERT(packet.bytes <= count - at && packet.bytes <= SOUP_PACKET_BYTES_MAX);
        ASSERT(soup_from_client(packet.type) || soup_from_server(packet.type));
        struct soup_packet cut;
        for (size_t shorter = 0; shorter < packet.bytes; shorter += 1 + shorter / 8) {
            ASSERT(soup_next(bytes + at, shorter, &cut) == STATUS_AGAIN);
        }
        if (packet.type == SOUP_LOGIN) {
            try_login(&packet);
        } else if (packet.type == SOUP_LOGIN_ACCEPTED) {
            try_answer(&packet);
        } else if (packet.type == SOUP_LOGIN_REJECTED) {
            uint8_t reason = 0;
            (void)!soup_decode_rejected(&packet, &reason);
        }
        at += packet.bytes;
    }
    return 0;
}
