/* SPDX-License-Identifier: Apache-2.0
 *
 * What an OUCH client hears when its orders would have traded with each other.
 */
#include "client/messages.h"
#include "wire/ouch/ouch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_prevention_is_heard_as_a_cancel(void **state)
{
    (void)state;
    struct messages messages = {.username = "ALICE1"};
    struct ouch_aiq_canceled canceled = {.time_ns = 9,
                                         .user_ref_num = 4,
                                         .decrement_shares = 25,
                                         .reason = OUCH_CANCEL_REASON_SELF_MATCH,
                                         .quantity_prevented = 30,
                                         .execution_price = 1000000,
                                         .liquidity = OUCH_LIQUIDITY_ADDED,
                                         .aiq_strategy = 'O'};
    uint8_t bytes[OUCH_LENGTH_MAX];
    size_t count = ouch_encode_aiq_canceled(&canceled, bytes);
    struct dojima_event event;
    assert_int_equal(ouch_messages.decode(&messages, bytes, count, &event), STATUS_OK);
    assert_int_equal(event.kind, DOJIMA_CANCELLED);
    assert_int_equal(event.reference, 4);
    assert_int_equal(event.quantity, 25);
    assert_int_equal(event.remaining, -1); /* the protocol does not say */
    assert_string_equal(event.reason, "would have met an order of its own");
    for (size_t i = 0; i < count; i++) { /* cut anywhere it is no message */
        assert_int_not_equal(ouch_messages.decode(&messages, bytes, i, &event), STATUS_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_prevention_is_heard_as_a_cancel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
