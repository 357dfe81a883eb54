/* SPDX-License-Identifier: Apache-2.0
 *
 * Logon by signature in SoupBinTCP, which has no packet for it: the login packet has a blank
 * password, and two debug packets follow.
 *
 *   client  L  name, blank password
 *   server  +  "challenge " and 64 hexadecimal digits
 *   client  +  "signature " and 128 hexadecimal digits: Ed25519 over identity_logon_bytes
 *
 * Owner: nobody. Threads: any. Memory: the caller's. Errors: false. Order of calls: any.
 */
#ifndef DOJIMA_WIRE_SOUP_SIGNATURE_H
#define DOJIMA_WIRE_SOUP_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGNATURE_CHALLENGE_BYTES 32u
#define SIGNATURE_BYTES           64u

#define SIGNATURE_CHALLENGE_TEXT_BYTES (10u + 2u * SIGNATURE_CHALLENGE_BYTES)
#define SIGNATURE_TEXT_BYTES           (10u + 2u * SIGNATURE_BYTES)

void signature_challenge_encode(const uint8_t challenge[SIGNATURE_CHALLENGE_BYTES],
                                char out_text[SIGNATURE_CHALLENGE_TEXT_BYTES]);
bool signature_challenge_decode(const char *text, size_t count,
                                uint8_t out_challenge[SIGNATURE_CHALLENGE_BYTES]);
void signature_encode(const uint8_t signature[SIGNATURE_BYTES],
                      char out_text[SIGNATURE_TEXT_BYTES]);
bool signature_decode(const char *text, size_t count, uint8_t out_signature[SIGNATURE_BYTES]);

#endif
