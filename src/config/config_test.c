/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the last layer wins, each value knows where it came from, and nothing wrong passes without
 * a message that names the place. Method: layers made of small texts; exact values, origins and
 * problem texts.
 */
#include "config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct config *opened(void)
{
    struct config *config;
    assert_int_equal(config_open(&config), STATUS_OK);
    return config;
}

static void add(struct config *config, const char *name, const char *text)
{
    assert_int_equal(config_add_file(config, name, text, strlen(text)), STATUS_OK);
}

static void assert_problems(const char *text, const char *expected)
{
    struct config *config = opened();
    add(config, "a.toml", text);
    assert_int_equal(config_finish(config), STATUS_CONFIG);
    assert_string_equal(config_problems(config), expected);
    config_close(config);
}

/* One problem that has these words in it. */
static void assert_problem(const char *text, const char *words)
{
    struct config *config = opened();
    add(config, "a.toml", text);
    assert_int_equal(config_finish(config), STATUS_CONFIG);
    if (strstr(config_problems(config), words) == NULL) {
        assert_string_equal(config_problems(config), words);
    }
    assert_int_equal(config_problem_count(config), 1);
    config_close(config);
}

static void defaults_are_whole(void **state)
{
    (void)state;
    struct config *config = opened();
    assert_int_equal(config_finish(config), STATUS_OK);
    assert_string_equal(config_problems(config), "");
    assert_string_equal(config_text(config, CONFIG_OUCH_LISTEN), "127.0.0.1:9101");
    assert_int_equal(config_number(config, CONFIG_DATA_SEGMENT_BYTES), 64 << 20);
    assert_int_equal(config_number(config, CONFIG_RUN_SPIN), 100000);
    assert_int_equal(config_word(config, CONFIG_DATA_ACKNOWLEDGE), CONFIG_ACKNOWLEDGE_FSYNC);
    assert_int_equal(config_word(config, CONFIG_RUN_IDLE), CONFIG_IDLE_SPIN);
    assert_int_equal(config_words(config, CONFIG_RUN_ROLES),
                     CONFIG_ROLE_ENGINE | CONFIG_ROLE_GATEWAY | CONFIG_ROLE_FEED);
    assert_true(config_flag(config, CONFIG_TLS_ENABLED));
    assert_int_equal(config_row_count(config, CONFIG_TABLE_INSTRUMENT), 4);
    assert_string_equal(config_text_at(config, CONFIG_INSTRUMENT_SYMBOL, 3), "INDIGO");
    int64_t tick;
    assert_int_equal(config_decimal_at(config, CONFIG_INSTRUMENT_TICK, 0, 4, &tick), STATUS_OK);
    assert_int_equal(tick, 100);
    assert_int_equal(config_origin(config, CONFIG_OUCH_LISTEN, 0).layer, CONFIG_LAYER_DEFAULT);
    config_close(config);
}

static void later_layers_win(void **state)
{
    (void)state;
    struct config *config = opened();
    static char variable[] = "DOJIMA_RUN__IDLE=sleep";
    static char foreign[] = "DOJIMA_DATA=/somewhere";
    static char other[] = "PATH=/bin";
    char *const environment[] = {foreign, variable, other, NULL};
    add(config, "dojima.toml", "[ouch]\nlisten = \"127.0.0.1:1\"\n[run]\nidle = \"spin\"\n");
    add(config, "conf.d/10.toml", "ouch.listen = \"127.0.0.1:2\"\nrun.roles = [\"feed\"]\n");
    assert_int_equal(config_add_environment(config, environment), STATUS_OK);
    assert_int_equal(config_add_flag(config, "--role", "run.roles", "engine,gateway"), STATUS_OK);
    assert_int_equal(config_finish(config), STATUS_OK);
    assert_string_equal(config_text(config, CONFIG_OUCH_LISTEN), "127.0.0.1:2");
    assert_int_equal(config_word(config, CONFIG_RUN_IDLE), CONFIG_IDLE_SLEEP);
    assert_int_equal(config_words(config, CONFIG_RUN_ROLES),
                     CONFIG_ROLE_ENGINE | CONFIG_ROLE_GATEWAY);
    struct config_origin origin = config_origin(config, CONFIG_OUCH_LISTEN, 0);
    assert_string_equal(origin.source, "conf.d/10.toml");
    assert_int_equal(origin.line, 1);
    assert_int_equal(origin.column, 15);
    assert_string_equal(config_origin(config, CONFIG_RUN_IDLE, 0).source, "DOJIMA_RUN__IDLE");
    assert_string_equal(config_origin(config, CONFIG_RUN_ROLES, 0).source, "--role");
    config_close(config);
}

static void rows_replace_the_built_in(void **state)
{
    (void)state;
    struct config *config = opened();
    add(config, "a.toml",
        "[[instrument]]\nnumber = 7\nsymbol = \"SAKE\"\nbase = \"RICE\"\n"
        "quote = \"USD\"\ntick = \"0.05\"\n");
    add(config, "b.toml",
        "[[instrument]]\nnumber = 8\nsymbol = \"MISO\"\nbase = \"TEA\"\n"
        "quote = \"USD\"\nitch = false\n");
    assert_int_equal(config_finish(config), STATUS_OK);
    assert_int_equal(config_row_count(config, CONFIG_TABLE_INSTRUMENT), 2);
    assert_int_equal(config_row_count(config, CONFIG_TABLE_ASSET), 5);
    assert_string_equal(config_text_at(config, CONFIG_INSTRUMENT_SYMBOL, 1), "MISO");
    assert_int_equal(config_number_at(config, CONFIG_INSTRUMENT_NUMBER, 0), 7);
    assert_false(config_flag_at(config, CONFIG_INSTRUMENT_ITCH, 1));
    assert_true(config_flag_at(config, CONFIG_INSTRUMENT_ITCH, 0));
    config_close(config);
}

static void problems_show_the_line(void **state)
{
    (void)state;
    assert_problems("[ouch]\n\tlistn = \"127.0.0.1:1\"\n",
                    "a.toml:2:2: unknown key 'ouch.listn'; did you mean 'ouch.listen'?\n"
                    "  \tlistn = \"127.0.0.1:1\"\n  \t^\n");
    assert_problems("run.idle = \"slep\"\nlimits.orders = 0\n[[instrumnt]]\nx = 1\n",
                    "a.toml:1:12: run.idle: 'slep' is none of 'spin', 'sleep'; did you mean "
                    "'sleep'?\n  run.idle = \"slep\"\n             ^\n"
                    "a.toml:2:17: limits.orders: it must be from 1 to 1073741824\n"
                    "  limits.orders = 0\n                  ^\n"
                    "a.toml:3:3: unknown table 'instrumnt'; did you mean 'instrument'?\n"
                    "  [[instrumnt]]\n    ^\n");
    assert_problems("a = \"\xc3\xa9\" ?", "a.toml:1:9: the end of the line is expected here\n"
                                          "  a = \"\xc3\xa9\" ?\n          ^\n"
                                          "a.toml:1:1: unknown key 'a'\n"
                                          "  a = \"\xc3\xa9\" ?\n  ^\n");
}

static void unknown_names_are_refused(void **state)
{
    (void)state;
    assert_problem("heartbeat = \"1s\"", "did you mean 'session.heartbeat'?");
    assert_problem("[ouhc]\nlisten = \"127.0.0.1:1\"",
                   "unknown table 'ouhc'; did you mean 'ouch'?");
    assert_problem("ouch = 3", "'ouch' is a table: write [ouch]");
    assert_problem("[instrument]\nx = 1", "write [[instrument]]");
    assert_problem("[[ouch]]\nx = 1", "write [ouch]");
    assert_problem("[ouch.listen]\nx = 1", "unknown table 'ouch.listen'");
    assert_problem("[[asset]]\nnumber = 9\ncode = \"X\"\nscael = 1",
                   "unknown key 'scael' of [[asset]]; did you mean 'scale'?");
    assert_problem("qqqqqqqqq = 1", "unknown key 'qqqqqqqqq'\n");
}

static void wrong_types_are_refused(void **state)
{
    (void)state;
    assert_problem("tls.enabled = 1", "true or false is expected");
    assert_problem("limits.orders = \"5\"", "a whole number is expected");
    assert_problem("ouch.listen = 9101", "a text in quotes is expected");
    assert_problem("ouch.listen = \"localhost:9101\"", "an address and port");
    assert_problem("ouch.listen = \"127.0.0.1:65536\"", "an address and port");
    assert_problem("run.spin = 5", "with its unit");
    assert_problem("run.spin = \"5 parsecs\"", "a time with ns");
    assert_problem("run.spin = \"2s\"", "it must be from \"0ns\" to \"1s\"");
    assert_problem("data.segment_bytes = \"99999999999GiB\"", "a size with B");
    assert_problem("run.roles = \"engine\"", "an array of words");
    assert_problem("run.roles = []", "at least one word");
    assert_problem("run.roles = [\"engine\", 1]", "an array of words");
    assert_problem("run.roles = [\"engine\", \"engine\"]", "'engine' stands twice");
    assert_problem("venue.name = \"ELEVENCHARS\"", "1 to 10 bytes, not 11");
}

static void what_must_fit_together(void **state)
{
    (void)state;
    assert_problem(
        "tls.enabled = false\nouch.listen = \"0.0.0.0:9101\"",
        "a.toml:1:15: tls.enabled: false is allowed on loopback only, and ouch.listen is "
        "0.0.0.0:9101");
    assert_problem("feed.group_a = \"10.0.0.1:9110\"", "no multicast address");
    assert_problem("feed.interface = \"eth0\"", "eth0 is no address");
    assert_problem("native.listen = \"127.0.0.1:9101\"", "ouch.listen is 127.0.0.1:9101 too");
    assert_problem("data.segment_bytes = 1048577", "a multiple of 4KiB");
    assert_problem("session.heartbeat = \"10s\"", "at least twice session.heartbeat");
    assert_problem("venue.name = \"A B\"", "only letters and digits");
    struct config *config = opened();
    add(config, "a.toml",
        "tls.enabled = false\nouch.listen = \"[::1]:9101\"\n"
        "feed.interface = \"::1\"\nfeed.soup_listen = \"127.0.0.1:0\"\n"
        "feed.glimpse_listen = \"127.0.0.1:0\"\nnative.listen = \"\"\n");
    assert_int_equal(config_finish(config), STATUS_OK);
    config_close(config);
}

#define ROW "[[instrument]]\nnumber = 1\nsymbol = \"A\"\nbase = \"RICE\"\nquote = \"USD\"\n"

static void terms_of_instruments(void **state)
{
    (void)state;
    assert_problem("[[instrument]]\nnumber = 1\nsymbol = \"A\"\nbase = \"RICE\"\n",
                   "a.toml:1:3: this [[instrument]] has no 'quote'");
    assert_problem(ROW "tick = \"0.00001\"", "more decimals than its scale (4)");
    assert_problem(ROW "tick = \"0\"", "it must be above zero");
    assert_problem(ROW "highest_price = \"0.001\"", "it is below lowest_price");
    assert_problem(ROW "highest_price = \"429496.7296\"", "prices end at 429496.7295");
    assert_problem(ROW "quantity_scale = 1\nlot = \"10\"", "whole shares; state itch = false");
    assert_problem(ROW "lowest_price = \"-1\"\nitch = false", "negative_prices is not true");
    assert_problem(ROW "price_scale = 6\nitch = false", "no whole number of minor units of USD");
    assert_problem(ROW "largest_quantity = \"9223372036854775807\"\nitch = false",
                   "do not add up in 64 bits");
    assert_problem("[[instrument]]\nnumber = 1\nsymbol = \"A\"\nbase = \"BEER\"\nquote = \"USD\"\n",
                   "a.toml:4:8: base: there is no [[asset]] with the code \"BEER\"");
    assert_problem("[[instrument]]\nnumber = 1\nsymbol = \"A\"\nbase = \"USD\"\nquote = \"USD\"\n",
                   "it is the base asset");
    assert_problem(
        "[[instrument]]\nnumber = 9999\nsymbol = \"A\"\nbase = \"TEA\"\nquote = \"USD\"\n",
        "it is above limits.instruments, 1024");
    assert_problem("limits.instruments = 100000\n[[instrument]]\nnumber = 65536\nsymbol = \"A\"\n"
                   "base = \"RICE\"\nquote = \"USD\"\n",
                   "up to 65535; state itch = false");
    assert_problem(ROW
                   "[[instrument]]\nnumber = 2\nsymbol = \"A\"\nbase = \"TEA\"\nquote = \"USD\"",
                   "a.toml:8:10: symbol: this symbol is taken: a.toml:3");
}

static void environment_and_flags_are_checked(void **state)
{
    (void)state;
    struct config *config = opened();
    static char unknown[] = "DOJIMA_OUCH__LISTN=127.0.0.1:1";
    static char wrong[] = "DOJIMA_LIMITS__ORDERS=many";
    char *const environment[] = {unknown, wrong, NULL};
    assert_int_equal(config_add_environment(config, environment), STATUS_OK);
    assert_int_equal(config_add_flag(config, "--idle", "run.idle", "walk"), STATUS_OK);
    assert_int_equal(config_finish(config), STATUS_CONFIG);
    assert_string_equal(
        config_problems(config),
        "environment variable DOJIMA_OUCH__LISTN: unknown key 'ouch.listn'; did you mean "
        "'ouch.listen'?\nenvironment variable DOJIMA_LIMITS__ORDERS: limits.orders: a whole number "
        "is expected here\n--idle: run.idle: 'walk' is none of 'spin', 'sleep'\n");
    config_close(config);
}

static void many_problems_are_counted(void **state)
{
    (void)state;
    struct config *config = opened();
    char text[512] = "";
    for (size_t i = 0; i < 25; i++) {
        memcpy(text + 10 * i, "zz0 = 100\n", 10);
        text[10 * i + 2] = (char)('a' + i);
    }
    add(config, "a.toml", text);
    assert_int_equal(config_finish(config), STATUS_CONFIG);
    assert_int_equal(config_problem_count(config), 25);
    assert_non_null(strstr(config_problems(config), "\nand 5 problems more\n"));
    config_close(config);
}

/* What is described can be read back to the same values. */
static void descriptions_read_back(void **state)
{
    (void)state;
    struct config *config = opened();
    add(config, "a.toml",
        "run.spin = \"1500ns\"\nrun.drain = \"0\"\ndata.batch_bytes = 12288\n"
        "data.directory = \"a \\\"b\\\\\"\n");
    assert_int_equal(config_finish(config), STATUS_OK);
    char bytes[8192];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        if (config_spec((enum config_key)key)->table == CONFIG_TABLE_NONE) {
            text_format(&text, "%s = ", config_spec((enum config_key)key)->path);
            config_describe(config, (enum config_key)key, 0, &text);
            text_add(&text, "\n");
        }
    }
    assert_false(text.truncated);
    assert_non_null(strstr(bytes, "run.spin = \"1500ns\"\n"));
    assert_non_null(strstr(bytes, "run.drain = \"0ns\"\n"));
    assert_non_null(strstr(bytes, "data.batch_bytes = \"12KiB\"\n"));
    assert_non_null(strstr(bytes, "data.directory = \"a \\\"b\\\\\"\n"));
    struct config *again = opened();
    add(again, "b.toml", bytes);
    assert_int_equal(config_finish(again), STATUS_OK);
    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        if (config_spec((enum config_key)key)->table == CONFIG_TABLE_NONE) {
            char one[256];
            char other[256];
            struct text first;
            struct text second;
            text_init(&first, one, sizeof one);
            text_init(&second, other, sizeof other);
            config_describe(config, (enum config_key)key, 0, &first);
            config_describe(again, (enum config_key)key, 0, &second);
            assert_string_equal(one, other);
            assert_int_equal(config_origin(again, (enum config_key)key, 0).layer,
                             CONFIG_LAYER_FILE);
        }
    }
    config_close(again);
    config_close(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_whole),
        cmocka_unit_test(later_layers_win),
        cmocka_unit_test(rows_replace_the_built_in),
        cmocka_unit_test(problems_show_the_line),
        cmocka_unit_test(unknown_names_are_refused),
        cmocka_unit_test(wrong_types_are_refused),
        cmocka_unit_test(what_must_fit_together),
        cmocka_unit_test(terms_of_instruments),
        cmocka_unit_test(environment_and_flags_are_checked),
        cmocka_unit_test(many_problems_are_counted),
        cmocka_unit_test(descriptions_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
