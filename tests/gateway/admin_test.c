/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the operator's socket answers every line with one object, does what it is asked, and stays
 * up whatever is sent. Method: a client on a real Unix socket beside a gateway; the effects are
 * looked for in the engine and in a client's session.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/client.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scene {
    struct world world;
    struct client client;
    struct admin *admin;
    struct net_connection *net;
    char answer[65536];
    size_t count;
    bool closed;
    bool stopped;
};

static size_t on_bytes(void *context, struct net_connection *net, const uint8_t *bytes,
                       size_t count)
{
    struct scene *scene = context;
    (void)net;
    assert_true(scene->count + count < sizeof scene->answer);
    memcpy(scene->answer + scene->count, bytes, count);
    scene->count += count;
    return count;
}

static void on_opened(void *context, struct net_connection *net)
{
    (void)context;
    (void)net;
}

static void on_closed(void *context, struct net_connection *net, const char *reason)
{
    struct scene *scene = context;
    (void)net;
    (void)reason;
    scene->closed = true;
}

static void on_shutdown(void *context)
{
    struct scene *scene = context;
    scene->stopped = true;
}

static void figures(void *context, admin_put *put, void *put_context)
{
    (void)context;
    put(put_context, "of_the_process", 42);
}

static int setup(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    world_open(&scene->world);
    client_init(&scene->client, &scene->world, 0);
    char address[96];
    struct port_handler none = {0};
    snprintf(address, sizeof address, "unix:%s/ctl.sock", scene->world.directory);
    struct admin_options options = {.loop = scene->world.loop,
                                    .address = address,
                                    .gateway = scene->world.gateway,
                                    .figures = figures,
                                    .on_shutdown = on_shutdown,
                                    .context = scene};
    assert_int_equal(hub_port_open(scene->world.hub, &none, NULL, &options.port), STATUS_OK);
    assert_int_equal(admin_open(&options, &scene->admin), STATUS_OK);
    struct net_options net = {
        .address = address,
        .handler = {.on_opened = on_opened, .on_bytes = on_bytes, .on_closed = on_closed},
        .context = scene,
    };
    assert_int_equal(net_connect(scene->world.loop, &net, &scene->net), STATUS_OK);
    for (int turn = 0; turn < 20; turn++) {
        world_turn(&scene->world);
        assert_int_equal(admin_tick(scene->admin), STATUS_OK);
    }
    *state = scene;
    return 0;
}

static int teardown(void **state)
{
    struct scene *scene = *state;
    char path[96];
    snprintf(path, sizeof path, "%s/ctl.sock", scene->world.directory);
    client_deinit(&scene->client);
    if (!scene->closed) {
        net_cut(scene->net, "the test ends");
    }
    world_turn(&scene->world);
    admin_close(scene->admin);
    (void)remove(path);
    world_close(&scene->world);
    free(scene);
    return 0;
}

static json_t *ask(struct scene *scene, const char *line)
{
    json_error_t error;
    scene->count = 0;
    assert_true(net_send(scene->net, line, strlen(line)));
    assert_true(net_send(scene->net, "\n", 1));
    while (scene->count == 0 || scene->answer[scene->count - 1] != '\n') {
        world_turn(&scene->world);
        assert_int_equal(admin_tick(scene->admin), STATUS_OK);
    }
    assert_ptr_equal(memchr(scene->answer, '\n', scene->count),
                     scene->answer + scene->count - 1); /* one line */
    json_t *answer = json_loadb(scene->answer, scene->count, 0, &error);
    assert_non_null(answer);
    return answer;
}

static bool is_good(struct scene *scene, const char *line)
{
    json_t *answer = ask(scene, line);
    bool good = json_is_true(json_object_get(answer, "ok"));
    if (!good) {
        assert_true(json_string_length(json_object_get(answer, "error")) > 0);
        assert_true(json_string_length(json_object_get(answer, "remedy")) > 0);
    }
    json_decref(answer);
    return good;
}

static void what_runs_can_be_looked_at(void **state)
{
    struct scene *scene = *state;
    client_log_on(&scene->client, scene->world.ouch_port, 1);
    json_t *answer = ask(scene, "{\"do\":\"status\"}");
    json_t *status = json_object_get(answer, "status");
    assert_int_equal(json_integer_value(json_object_get(status, "sessions_live")), 1);
    assert_int_equal(json_integer_value(json_object_get(status, "of_the_process")), 42);
    json_decref(answer);
    answer = ask(scene, "{\"do\":\"sessions\"}");
    json_t *row = json_array_get(json_object_get(answer, "sessions"), 0);
    assert_string_equal(json_string_value(json_object_get(row, "name")), "CAROL1");
    assert_true(json_is_true(json_object_get(row, "live")));
    json_decref(answer);
    answer = ask(scene, "{\"do\":\"instruments\"}");
    row = json_array_get(json_object_get(answer, "instruments"), 0);
    assert_string_equal(json_string_value(json_object_get(row, "symbol")), "RICE");
    assert_string_equal(json_string_value(json_object_get(row, "phase")), "OPEN");
    json_decref(answer);
}

static uint16_t reject_reason(struct scene *scene, uint32_t user_ref_num)
{
    uint64_t known = scene->client.count;
    assert_true(client_enter(&scene->client, user_ref_num, 'B', 10, 10000));
    client_wait(&scene->client, known + 1);
    struct ouch_order_rejected rejected = {0};
    const struct client_message *message = &scene->client.messages[known];
    if (message->bytes[0] != 'J') {
        return 0;
    }
    assert_int_equal(ouch_decode_order_rejected(message->bytes, message->count, &rejected),
                     STATUS_OK);
    return rejected.reason;
}

static void halt_resume_and_the_kill_switch_reach_the_engine(void **state)
{
    struct scene *scene = *state;
    char line[96];
    client_log_on(&scene->client, scene->world.ouch_port, 1);
    assert_int_equal(reject_reason(scene, 1), 0);
    assert_true(is_good(scene, "{\"do\":\"halt\",\"instrument\":\"RICE\",\"reason\":\"news\"}"));
    assert_int_equal(reject_reason(scene, 2), OUCH_REJECT_HALTED);
    json_t *answer = ask(scene, "{\"do\":\"instruments\"}");
    json_t *row = json_array_get(json_object_get(answer, "instruments"), 0);
    assert_string_equal(json_string_value(json_object_get(row, "phase")), "HALTED");
    assert_string_equal(json_string_value(json_object_get(row, "reason")), "NEWS");
    json_decref(answer);
    assert_true(is_good(scene, "{\"do\":\"close\",\"instrument\":\"*\"}"));
    assert_int_equal(reject_reason(scene, 3), OUCH_REJECT_DESTINATION_CLOSED);
    assert_true(is_good(scene, "{\"do\":\"resume\",\"instrument\":\"*\"}"));
    assert_int_equal(reject_reason(scene, 4), 0);
    snprintf(line, sizeof line, "{\"do\":\"block\",\"target\":\"session\",\"number\":\"%u\"}",
             world_session(&scene->world, 0)->session);
    assert_true(is_good(scene, line));
    assert_int_equal(reject_reason(scene, 5), OUCH_REJECT_FIRM_NOT_AUTHORIZED);
    snprintf(line, sizeof line, "{\"do\":\"unblock\",\"target\":\"session\",\"number\":\"%u\"}",
             world_session(&scene->world, 0)->session);
    assert_true(is_good(scene, line));
    assert_int_equal(reject_reason(scene, 6), 0);
}

/* An order of OUCH that names its self-trade group. */
static void enter_of_group(struct scene *scene, uint32_t user_ref_num, uint8_t side,
                           const char *group)
{
    uint8_t bytes[OUCH_LENGTH_MAX];
    struct ouch_appendage_writer writer = {0};
    struct ouch_enter_order message = {.user_ref_num = user_ref_num,
                                       .side = side,
                                       .quantity = 10,
                                       .symbol = "RICE    ",
                                       .price = 10000,
                                       .time_in_force = OUCH_TIME_IN_FORCE_DAY,
                                       .display = OUCH_DISPLAY_VISIBLE,
                                       .capacity = OUCH_CAPACITY_PRINCIPAL,
                                       .sweep = OUCH_SWEEP_NOT_ELIGIBLE,
                                       .cross_type = OUCH_CROSS_TYPE_CONTINUOUS};
    memset(message.client_order_id, ' ', sizeof message.client_order_id);
    ouch_appendage_add_text(&writer, OUCH_TAG_AIQ_GROUP_ID, group);
    message.appendage = ouch_appendage_view(&writer);
    assert_true(client_send(&scene->client, bytes, ouch_encode_enter_order(&message, bytes)));
}

static void a_group_keeps_its_orders_from_trading(void **state)
{
    struct scene *scene = *state;
    client_log_on(&scene->client, scene->world.ouch_port, 1);
    assert_true(is_good(scene, "{\"do\":\"group\",\"number\":\"7\",\"mode\":\"cancel_both\"}"));
    uint64_t known = scene->client.count;
    enter_of_group(scene, 1, 'B', "7");
    enter_of_group(scene, 2, 'S', "07");
    client_wait(&scene->client, known + 4);
    for (uint32_t i = 0; i < 2; i++) { /* maker, then taker */
        const struct client_message *message = &scene->client.messages[known + 2 + i];
        struct ouch_aiq_canceled canceled = {0};
        assert_int_equal(ouch_decode_aiq_canceled(message->bytes, message->count, &canceled),
                         STATUS_OK);
        assert_int_equal(canceled.user_ref_num, 1 + i);
        assert_int_equal(canceled.decrement_shares, 10);
        assert_int_equal(canceled.quantity_prevented, 10);
        assert_int_equal(canceled.reason, OUCH_CANCEL_REASON_SELF_MATCH);
        assert_int_equal(canceled.execution_price, 10000);
        assert_int_equal(canceled.liquidity,
                         i == 0 ? OUCH_LIQUIDITY_ADDED : OUCH_LIQUIDITY_REMOVED);
        assert_int_equal(canceled.aiq_strategy, 'B');
    }
    assert_int_equal(reject_reason(scene, 3), 0); /* both sides of the book are empty */
    enter_of_group(scene, 4, 'S', "x1");
    client_wait(&scene->client, known + 6);
    assert_int_equal(scene->client.messages[known + 5].bytes[0], 'J');
}

static void wrong_lines_are_answered_and_harm_nothing(void **state)
{
    struct scene *scene = *state;
    const char *lines[] = {"",
                           "nonsense",
                           "[]",
                           "{}",
                           "{\"do\":7}",
                           "{\"do\":\"fly\"}",
                           "{\"do\":\"status\",\"do\":\"status\"}",
                           "{\"do\":\"halt\"}",
                           "{\"do\":\"halt\",\"instrument\":\"NOSUCH\"}",
                           "{\"do\":\"group\",\"number\":\"7\",\"mode\":\"fly\"}",
                           "{\"do\":\"group\",\"number\":\"0\",\"mode\":\"none\"}",
                           "{\"do\":\"group\",\"number\":\"4294967296\",\"mode\":\"none\"}",
                           "{\"do\":\"logic\"}",
                           "{\"do\":\"logic\",\"version\":2}",
                           "{\"do\":\"logic\",\"version\":\"0\"}",
                           "{\"do\":\"logic\",\"version\":\"3\"}",
                           "{\"do\":\"logic\",\"version\":\"65537\"}",
                           "{\"do\":\"halt\",\"instrument\":\"12345678901234567890\"}",
                           "{\"do\":\"halt\",\"instrument\":\"RICE\",\"reason\":\"mood\"}",
                           "{\"do\":\"block\",\"target\":\"user\",\"number\":\"1\"}",
                           "{\"do\":\"block\",\"target\":\"session\",\"number\":1}",
                           "{\"do\":\"block\",\"target\":\"session\",\"number\":\"-1\"}"};
    for (size_t i = 0; i < ARRAY_COUNT(lines); i++) {
        assert_false(is_good(scene, lines[i]));
    }
    assert_true(is_good(scene, "{\"do\":\"status\"}"));
    assert_false(scene->stopped);
    assert_true(is_good(scene, "{\"do\":\"shutdown\"}"));
    assert_true(scene->stopped);
}

static void a_line_without_an_end_is_cut(void **state)
{
    struct scene *scene = *state;
    char block[1024];
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 8 && !scene->closed; i++) {
        assert_true(net_send(scene->net, block, sizeof block));
        world_turn(&scene->world);
    }
    while (!scene->closed) {
        world_turn(&scene->world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_runs_can_be_looked_at, setup, teardown),
        cmocka_unit_test_setup_teardown(halt_resume_and_the_kill_switch_reach_the_engine, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_group_keeps_its_orders_from_trading, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_lines_are_answered_and_harm_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_line_without_an_end_is_cut, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
