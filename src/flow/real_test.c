/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the readers give from real files what is known to be in them. Method: the files under
 * DOJIMA_DATA (skipped, by name, when it is not set), counted by type and kind.
 */
#include "flow/definition.h"
#include "flow/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct counts {
    enum status status; /* that ended the file */
    uint64_t messages;  /* given out, instruments announced by the reader included */
    uint64_t by_kind[FLOW_KIND_COUNT];
    struct flow_progress progress;
    struct flow_description description;
    struct flow_error error;
};

static const char *data_path(const char *name)
{
    static char path[4096];
    const char *folder = getenv("DOJIMA_DATA");
    if (folder == NULL) {
        print_message("skipped, DOJIMA_DATA is not set: %s\n", name);
        skip();
    }
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static struct counts count(const char *name, enum flow_format format)
{
    struct counts counts = {0};
    struct flow_options options = {.format = format};
    struct flow_reader *reader = NULL;
    counts.status = flow_open(data_path(name), &options, &counts.error, &reader);
    if (counts.status != STATUS_OK) {
        return counts;
    }
    struct flow_message message;
    uint64_t last_time = 0;
    while ((counts.status = flow_next(reader, &message)) == STATUS_OK) {
        counts.messages++;
        counts.by_kind[message.kind]++;
        assert_true(message.time_ns >= last_time);
        last_time = message.time_ns;
    }
    counts.progress = *flow_progress(reader);
    counts.description = *flow_describe(reader);
    counts.error = *flow_failure(reader);
    flow_close(reader);
    return counts;
}

static void lobster_aapl(void **state)
{
    (void)state;
    struct counts counts =
        count("lobster/AAPL_2012-06-21_message_first45000.csv", FLOW_FORMAT_DETECT);
    assert_int_equal(counts.status, STATUS_END);
    assert_int_equal(counts.progress.messages_read, 45000);
    assert_int_equal(counts.progress.bytes_read, counts.progress.bytes_total);
    assert_int_equal(counts.by_kind[FLOW_EXECUTE], 2260); /* 2,248 of known orders and 12 not */
    assert_string_equal(counts.description.symbol, "AAPL");
    assert_int_equal(counts.description.trading_day, 20120621);
    uint64_t kinds = 0;
    for (int kind = 0; kind < FLOW_KIND_COUNT; kind++) {
        kinds += counts.by_kind[kind];
    }
    assert_int_equal(kinds, 45000);
    assert_int_equal(counts.by_kind[FLOW_ADD], counts.progress.by_type['1']);
}

static void lobster_others(void **state)
{
    (void)state;
    struct counts counts =
        count("lobster/AAPL_2012-06-21_34200000_57600000_message_10.csv", FLOW_FORMAT_DETECT);
    assert_int_equal(counts.status, STATUS_END);
    assert_int_equal(counts.progress.messages_read, 999);
    counts = count("lobster/AMZN_2012-06-21_34200000_57600000_message_1.csv", FLOW_FORMAT_DETECT);
    assert_int_equal(counts.status, STATUS_END);
    assert_int_equal(counts.progress.messages_read, 57515);
    /* The book file beside it is numbers too, but four a line: it is no message file. */
    counts = count("lobster/AMZN_2012-06-21_34200000_57600000_orderbook_1.csv", FLOW_FORMAT_DETECT);
    assert_int_equal(counts.status, STATUS_UNSUPPORTED);
}

static void itch_simulated(void **state)
{
    (void)state;
    const char *name = "itch/simulated-ritch-12012.itch50";
    struct counts counts = count(name, FLOW_FORMAT_DETECT);
    assert_int_equal(counts.status, STATUS_INVALID);
    assert_non_null(strstr(counts.error.reason, "--format itch-unprefixed"));
    counts = count(name, FLOW_FORMAT_ITCH_UNPREFIXED);
    assert_int_equal(counts.status, STATUS_END);
    assert_int_equal(counts.progress.messages_read, 12012);
    assert_int_equal(counts.progress.by_type['A'] + counts.progress.by_type['F'], 5000);
    assert_int_equal(counts.by_kind[FLOW_ADD], 5000);
    assert_int_equal(counts.by_kind[FLOW_INSTRUMENT], 3);
    assert_int_equal(counts.by_kind[FLOW_IGNORED], 0);
    assert_int_equal(counts.progress.bytes_read, 465048);
}

static void itch_captures(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint8_t letter;
        enum flow_kind kind;
    } files[] = {
        {"AddOrderNoMpidAttributionMessage", 'A', FLOW_ADD},
        {"MarketParticipantPositionMessage", 'L', FLOW_IGNORED},
        {"NetOrderImbalanceIndicatorMessage", 'I', FLOW_IGNORED},
        {"OrderDeleteMessage", 'D', FLOW_DELETE},
        {"OrderExecutedMessage", 'E', FLOW_EXECUTE},
        {"StockTradingActionMessage", 'H', FLOW_HALT},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char name[256];
        (void)snprintf(name, sizeof name, "itch/Nasdaq.Equities.TotalView.Itch.v5.0/%s.pcap",
                       files[i].name);
        struct counts counts = count(name, FLOW_FORMAT_DETECT);
        assert_int_equal(counts.status, STATUS_END);
        assert_int_equal(counts.progress.messages_read, 1);
        assert_int_equal(counts.progress.by_type[files[i].letter], 1);
        assert_int_equal(counts.by_kind[files[i].kind], 1);
    }
}

static void dbn_two_seconds(void **state)
{
    (void)state;
    struct counts counts = count(
        "mbo/orderbooks_mbo_2024-05-08T00-00-00_2024-05-08T00-00-02.dbn.zst", FLOW_FORMAT_DETECT);
    assert_int_equal(counts.status, STATUS_END);
    assert_int_equal(counts.progress.messages_read, 13796);
    assert_int_equal(counts.by_kind[FLOW_INSTRUMENT], 1);
    assert_int_equal(counts.by_kind[FLOW_CLEAR], 1);
    assert_int_equal(counts.by_kind[FLOW_ADD], 13678);
    assert_int_equal(counts.by_kind[FLOW_EXECUTE], 5);
    assert_int_equal(counts.by_kind[FLOW_EXECUTE_PRICED], 0);
    assert_int_equal(counts.by_kind[FLOW_TRADE_NOTE], 5);
    /* 80 C and 27 M, of which two C and three M book the five fills. */
    assert_int_equal(counts.progress.fills_consumed, 5);
    assert_int_equal(counts.progress.fills_unbooked, 0);
    assert_int_equal(counts.by_kind[FLOW_REDUCE], 78);
    assert_int_equal(counts.by_kind[FLOW_REPLACE], 24);
    assert_int_equal(counts.messages, 13796 - 5 + 1);
}

static void dbn_versions(void **state)
{
    (void)state;
    static const char *const names[] = {"test_data.mbo.dbn", "test_data.mbo.v1.dbn.zst",
                                        "test_data.mbo.v2.dbn.zst", "test_data.mbo.v3.dbn",
                                        "test_data.mbo.v3.dbn.zst"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char name[256];
        (void)snprintf(name, sizeof name, "mbo/dbn-vectors/%s", names[i]);
        /* The definitions beside it are of another instrument: without a tick it is refused. */
        struct counts counts = count(name, FLOW_FORMAT_DETECT);
        assert_int_equal(counts.status, STATUS_NOT_FOUND);
        assert_non_null(strstr(counts.error.reason, "--tick"));
        struct flow_options options = {.tick = 250000000};
        struct flow_error error;
        struct flow_reader *reader = NULL;
        assert_int_equal(flow_open(data_path(name), &options, &error, &reader), STATUS_OK);
        struct flow_message message;
        assert_int_equal(flow_next(reader, &message), STATUS_OK);
        assert_int_equal(message.kind, FLOW_INSTRUMENT);
        assert_int_equal(message.instrument, 5482);
        assert_int_equal(message.symbol_length, 4);
        assert_memory_equal(message.symbol, "ESH1", 4);
        assert_int_equal(flow_next(reader, &message), STATUS_OK);
        assert_int_equal(message.kind, FLOW_REDUCE);
        assert_int_equal(message.order_id, 647784973705u);
        assert_int_equal(message.price, 3722750000000);
        assert_int_equal(message.quantity, 1);
        assert_int_equal(message.side, FLOW_SIDE_SELL);
        assert_int_equal(flow_next(reader, &message), STATUS_OK);
        assert_int_equal(flow_next(reader, &message), STATUS_END);
        flow_close(reader);
    }
}

static void dbn_other_schemas(void **state)
{
    (void)state;
    static const char *const names[] = {"trades.v1", "mbp-10.v3", "ohlcv-1s.v2", "definition.v3"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char name[256];
        (void)snprintf(name, sizeof name, "mbo/dbn-vectors/test_data.%s.dbn.zst", names[i]);
        struct counts counts = count(name, FLOW_FORMAT_DETECT);
        assert_int_equal(counts.status, STATUS_UNSUPPORTED);
        char schema[16] = {0};
        memcpy(schema, names[i], (size_t)(strchr(names[i], '.') - names[i]));
        assert_non_null(strstr(counts.error.reason, schema));
    }
}

struct seen {
    unsigned count;
    struct flow_definition last;
};

static enum status on_definition(void *context, const struct flow_definition *definition)
{
    struct seen *seen = context;
    seen->count++;
    seen->last = *definition;
    return STATUS_OK;
}

static void dbn_definitions(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct flow_error error;
    assert_int_equal(flow_dbn_read_definition(data_path("mbo/orderbooks_definition.dbn.zst"),
                                              on_definition, &seen, &error),
                     STATUS_OK);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.last.instrument, 5602);
    assert_int_equal(seen.last.tick, 250000000);
    assert_string_equal(seen.last.symbol, "ESM4");
    assert_string_equal(seen.last.currency, "USD");
    assert_string_equal(seen.last.exchange, "XCME");
    assert_string_equal(seen.last.asset, "ES");
    assert_int_equal(seen.last.class_letter, 'F');
    for (unsigned version = 1; version <= 3; version++) {
        char name[256];
        (void)snprintf(name, sizeof name, "mbo/dbn-vectors/test_data.definition.v%u.dbn.zst",
                       version);
        seen = (struct seen){0};
        assert_int_equal(flow_dbn_read_definition(data_path(name), on_definition, &seen, &error),
                         STATUS_OK);
        assert_int_equal(seen.count, 2);
        assert_string_equal(seen.last.symbol, "MSFT");
        assert_string_equal(seen.last.exchange, "XNAS");
        assert_int_equal(seen.last.tick, 0); /* the file has none */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lobster_aapl),      cmocka_unit_test(lobster_others),
        cmocka_unit_test(itch_simulated),    cmocka_unit_test(itch_captures),
        cmocka_unit_test(dbn_two_seconds),   cmocka_unit_test(dbn_versions),
        cmocka_unit_test(dbn_other_schemas), cmocka_unit_test(dbn_definitions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
