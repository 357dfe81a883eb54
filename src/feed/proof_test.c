/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the line of the side channel is what docs/reference/feed.md says and nothing else is taken
 * for one. Method: exact bytes; every cut and every changed byte of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feed/proof.h"

#include <string.h>

static const char line[] =
    "{\"session\":\"DOJIMA\",\"sequence\":\"1234\",\"orders\":17,\"hash\":\"00c0ffee00c0ffee\"}\n";

static void a_proof_has_these_bytes(void **state)
{
    (void)state;
    char bytes[FEED_PROOF_BYTES_MAX];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    feed_proof_encode(&(struct feed_proof){.session = "DOJIMA",
                                           .sequence = 1234,
                                           .orders = 17,
                                           .hash = UINT64_C(0x00c0ffee00c0ffee)},
                      &text);
    assert_string_equal(bytes, line);
    text_init(&text, bytes, sizeof bytes);
    feed_proof_encode(&(struct feed_proof){.session = "ABCDEFGHIJ",
                                           .sequence = UINT64_MAX,
                                           .orders = UINT64_MAX,
                                           .hash = UINT64_MAX},
                      &text);
    assert_false(text.truncated);
    struct feed_proof proof;
    assert_int_equal(feed_proof_decode(bytes, text.length, &proof), STATUS_OK);
    assert_true(proof.sequence == UINT64_MAX && proof.orders == UINT64_MAX);
    assert_true(proof.hash == UINT64_MAX);
    assert_string_equal(proof.session, "ABCDEFGHIJ");
}

static void decode_is_the_inverse(void **state)
{
    (void)state;
    struct feed_proof proof;
    assert_int_equal(feed_proof_decode(line, strlen(line), &proof), STATUS_OK);
    assert_string_equal(proof.session, "DOJIMA");
    assert_int_equal(proof.sequence, 1234);
    assert_int_equal(proof.orders, 17);
    assert_true(proof.hash == UINT64_C(0x00c0ffee00c0ffee));
}

static void every_cut_and_every_control_byte_is_refused(void **state)
{
    (void)state;
    struct feed_proof proof;
    char bytes[sizeof line];
    for (size_t count = 0; count < strlen(line); count++) {
        assert_int_equal(feed_proof_decode(line, count, &proof), STATUS_INVALID);
    }
    for (size_t at = 0; at < strlen(line); at++) {
        memcpy(bytes, line, sizeof bytes);
        bytes[at] = '\x01';
        assert_int_equal(feed_proof_decode(bytes, strlen(line), &proof), STATUS_INVALID);
    }
    static const char *const others[] = {
#define REST "\",\"orders\":0,\"hash\":\"0000000000000000\"}\n"
        "{\"session\":\"ABCDEFGHIJK\",\"sequence\":\"1" REST,
        "{\"session\":\"A\",\"sequence\":\"18446744073709551616" REST,
        "{\"session\":\"A\",\"sequence\":\"" REST,
        "{\"session\":\"A\",\"sequence\":\"-1" REST,
        "{\"session\":\"A\",\"sequence\":\"1" REST "\n",
        "{\"session\":\"A\",\"sequence\":\"1\",\"orders\":a,\"hash\":\"0000000000000000\"}\n",
        "{\"session\":\"A\",\"sequence\":\"1\",\"orders\":0,\"hash\":\"000000000000000\"}\n",
#undef REST
    };
    for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
        assert_int_equal(feed_proof_decode(others[i], strlen(others[i]), &proof), STATUS_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proof_has_these_bytes),
        cmocka_unit_test(decode_is_the_inverse),
        cmocka_unit_test(every_cut_and_every_control_byte_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
