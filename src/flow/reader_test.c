/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: every format is read, every kind of malformed input is refused with its place and reason,
 * and nothing depends on where a read happens to end. Method: the small files of the fuzz corpora
 * (made by us), whole, cut at every byte and damaged at every byte.
 */
#include "flow/reader.h"

#include "base/prng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FILE_BYTES_MAX 65536
#define ANY            UINT64_MAX /* how much a decompressor gives before it fails is its own */

struct file {
    uint8_t bytes[FILE_BYTES_MAX];
    size_t count;
};

static void load(const char *name, struct file *file)
{
    char path[256];
    (void)snprintf(path, sizeof path, "fuzz/%s", name);
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        print_error("cannot open %s\n", path);
    }
    assert_non_null(stream);
    file->count = fread(file->bytes, 1, sizeof file->bytes, stream);
    assert_int_equal(fclose(stream), 0);
}

struct result {
    enum status status;
    uint64_t given;
    struct flow_progress progress;
    struct flow_error error;
    uint8_t kinds[64]; /* of the first messages */
};

static struct result read_all(const uint8_t *bytes, size_t count,
                              const struct flow_options *options)
{
    struct result result = {0};
    struct flow_reader *reader = NULL;
    result.status =
        flow_open_memory("DOJ_2024-05-08_x.csv", bytes, count, options, &result.error, &reader);
    if (result.status != STATUS_OK) {
        assert_null(reader);
        return result;
    }
    struct flow_message message;
    while ((result.status = flow_next(reader, &message)) == STATUS_OK) {
        if (result.given < sizeof result.kinds) {
            result.kinds[result.given] = message.kind;
        }
        result.given++;
    }
    result.progress = *flow_progress(reader);
    result.error = *flow_failure(reader);
    assert_int_equal(flow_next(reader, &message), result.status);
    flow_close(reader);
    return result;
}

struct expectation {
    const char *file;
    enum status status;
    uint64_t messages;  /* read before the end or failure */
    uint64_t position;  /* of the failure */
    const char *reason; /* a part of it */
    enum flow_format format;
};

static const struct expectation expectations[] = {
    {"flow_lobster/all_types.csv", STATUS_END, 10, 0, "", FLOW_FORMAT_DETECT},
    {"flow_lobster/no_last_newline.csv", STATUS_END, 10, 0, "", FLOW_FORMAT_DETECT},
    {"flow_lobster/seven_fields.csv", STATUS_END, 2, 0, "", FLOW_FORMAT_DETECT},
    {"flow_lobster/huge.csv", STATUS_END, 1, 0, "", FLOW_FORMAT_DETECT},
    {"flow_lobster/packed.csv.gz", STATUS_END, 20, 0, "", FLOW_FORMAT_DETECT},
    {"flow_lobster/packed.csv.zst", STATUS_END, 20, 0, "", FLOW_FORMAT_DETECT},
    {"flow_lobster/cut.csv", STATUS_TRUNCATED, 1, 2, "middle of a line", FLOW_FORMAT_DETECT},
    {"flow_lobster/overflow.csv", STATUS_INVALID, 0, 1, "'order id'", FLOW_FORMAT_LOBSTER},
    {"flow_lobster/type_eight.csv", STATUS_INVALID, 0, 1, "'type'", FLOW_FORMAT_LOBSTER},
    {"flow_lobster/overflow.csv", STATUS_UNSUPPORTED, 0, 0, "known are LOBSTER",
     FLOW_FORMAT_DETECT},
    {"flow_itch/every_type.itch50", STATUS_END, 23, 0, "", FLOW_FORMAT_DETECT},
    {"flow_itch/end_of_session.itch50", STATUS_END, 23, 0, "", FLOW_FORMAT_DETECT},
    {"flow_itch/packed.gz", STATUS_END, 23, 0, "", FLOW_FORMAT_DETECT},
    {"flow_itch/unprefixed.itch50", STATUS_END, 23, 0, "", FLOW_FORMAT_ITCH_UNPREFIXED},
    {"flow_itch/unprefixed.itch50", STATUS_INVALID, 0, 0, "--format itch-unprefixed",
     FLOW_FORMAT_DETECT},
    {"flow_itch/every_type.itch50", STATUS_INVALID, 0, 0, "not zero", FLOW_FORMAT_ITCH_UNPREFIXED},
    {"flow_itch/unknown_type.itch50", STATUS_TRUNCATED, 3, 60, "middle of a message",
     FLOW_FORMAT_ITCH},
    {"flow_itch/wrong_length.itch50", STATUS_INVALID, 1, 16, "'R' has 39 bytes, its length says 38",
     FLOW_FORMAT_DETECT},
    {"flow_itch/cut.itch50", STATUS_TRUNCATED, 22, 690, "middle of a message", FLOW_FORMAT_DETECT},
    {"flow_itch/cut.gz", STATUS_TRUNCATED, ANY, 0, "gzip data ends", FLOW_FORMAT_DETECT},
    {"flow_pcap/little_us.pcap", STATUS_END, 6, 0, "", FLOW_FORMAT_DETECT},
    {"flow_pcap/big_ns.pcap", STATUS_END, 6, 0, "", FLOW_FORMAT_DETECT},
    {"flow_pcap/tcp.pcap", STATUS_END, 0, 0, "", FLOW_FORMAT_DETECT},
    {"flow_pcap/cut_packet.pcap", STATUS_TRUNCATED, 0, 24, "capture whole packets",
     FLOW_FORMAT_DETECT},
    {"flow_pcap/cut_file.pcap", STATUS_TRUNCATED, 0, 24, "middle of a packet", FLOW_FORMAT_DETECT},
    {"flow_pcap/fragment.pcap", STATUS_UNSUPPORTED, 0, 54, "fragment", FLOW_FORMAT_DETECT},
    {"flow_pcap/raw_link.pcap", STATUS_UNSUPPORTED, 0, 20, "link layer 101", FLOW_FORMAT_DETECT},
    {"flow_pcap/not_mold.pcap", STATUS_INVALID, 0, 82, "not MoldUDP64", FLOW_FORMAT_DETECT},
    {"flow_dbn/v1.dbn", STATUS_END, 14, 0, "", FLOW_FORMAT_DETECT},
    {"flow_dbn/v2.dbn", STATUS_END, 14, 0, "", FLOW_FORMAT_DETECT},
    {"flow_dbn/v3.dbn", STATUS_END, 14, 0, "", FLOW_FORMAT_DETECT},
    {"flow_dbn/v1_mixed.dbn", STATUS_END, 15, 0, "", FLOW_FORMAT_DETECT},
    {"flow_dbn/v2_mixed.dbn", STATUS_END, 15, 0, "", FLOW_FORMAT_DETECT},
    {"flow_dbn/v3_mixed.dbn", STATUS_END, 15, 0, "", FLOW_FORMAT_DETECT},
    {"flow_dbn/sent_times.dbn", STATUS_END, 14, 0, "", FLOW_FORMAT_DETECT},
    {"flow_dbn/frames.dbn.zst", STATUS_END, 14, 0, "", FLOW_FORMAT_DETECT},
    {"flow_dbn/skippable.dbn.zst", STATUS_END, 14, 0, "", FLOW_FORMAT_DETECT},
    {"flow_dbn/cut.dbn", STATUS_TRUNCATED, 13, 1088, "middle of a record", FLOW_FORMAT_DETECT},
    {"flow_dbn/cut.dbn.zst", STATUS_TRUNCATED, ANY, 0, "zstd data ends", FLOW_FORMAT_DETECT},
    {"flow_dbn/trades.dbn", STATUS_UNSUPPORTED, 0, 24, "trades: only mbo", FLOW_FORMAT_DETECT},
    {"flow_dbn/version9.dbn", STATUS_UNSUPPORTED, 0, 3, "version 9", FLOW_FORMAT_DETECT},
    {"flow_dbn/two_publishers.dbn", STATUS_UNSUPPORTED, 1, 262, "publishers 1 and 2",
     FLOW_FORMAT_DETECT},
    {"flow_dbn/long_header.dbn", STATUS_TRUNCATED, 0, 0, "middle of the DBN header",
     FLOW_FORMAT_DETECT},
    {"flow_dbn/many_symbols.dbn", STATUS_INVALID, 0, 0, "do not fit its length",
     FLOW_FORMAT_DETECT},
};

static void every_file_ends_as_it_must(void **state)
{
    (void)state;
    static struct file file;
    for (size_t i = 0; i < sizeof expectations / sizeof expectations[0]; i++) {
        const struct expectation *wanted = &expectations[i];
        struct flow_options options = {.format = wanted->format, .tick = 250000000};
        load(wanted->file, &file);
        struct result result = read_all(file.bytes, file.count, &options);
        bool same =
            result.status == wanted->status &&
            (wanted->messages == ANY || result.progress.messages_read == wanted->messages) &&
            strstr(result.error.reason, wanted->reason) != NULL &&
            (wanted->position == 0 || result.error.position == wanted->position);
        if (!same) {
            print_error("%s: %s after %llu, at %llu: %s\n", wanted->file,
                        status_name(result.status),
                        (unsigned long long)result.progress.messages_read,
                        (unsigned long long)result.error.position, result.error.reason);
        }
        assert_true(same);
        assert_true(result.error.at_line ==
                    (strstr(wanted->file, "lobster") != NULL && result.error.position > 0));
        if (result.status == STATUS_END) {
            assert_int_equal(result.progress.bytes_read, file.count);
        }
    }
}

/* What fuzz/flow_lobster/all_types.csv says. */
static const struct flow_message lobster_messages[] = {
    {.kind = FLOW_ADD,
     .time_ns = 34200004241176,
     .order_id = 101,
     .quantity = 18,
     .price = 5853300,
     .side = FLOW_SIDE_BUY},
    {.kind = FLOW_REDUCE,
     .time_ns = 34200100000000,
     .order_id = 101,
     .quantity = 8,
     .price = 5853300,
     .side = FLOW_SIDE_BUY},
    {.kind = FLOW_DELETE,
     .time_ns = 34201000000000,
     .order_id = 101,
     .quantity = 10,
     .price = 5853300,
     .side = FLOW_SIDE_BUY},
    {.kind = FLOW_ADD,
     .time_ns = 34202500000000,
     .order_id = 102,
     .quantity = 5,
     .price = 5853400,
     .side = FLOW_SIDE_SELL},
    {.kind = FLOW_EXECUTE,
     .time_ns = 34203000000001,
     .order_id = 102,
     .quantity = 5,
     .price = 5853400,
     .side = FLOW_SIDE_SELL},
    {.kind = FLOW_EXECUTE_HIDDEN,
     .time_ns = 34204200000000,
     .quantity = 1,
     .price = 5853350,
     .side = FLOW_SIDE_BUY},
    {.kind = FLOW_TRADE_NOTE,
     .time_ns = 34205000000000,
     .quantity = 900,
     .price = 5853000,
     .side = FLOW_SIDE_SELL},
    {.kind = FLOW_HALT, .time_ns = 34206000000000, .code = 'H', .price = FLOW_PRICE_NONE},
    {.kind = FLOW_HALT, .time_ns = 34207000000000, .code = 'Q', .price = FLOW_PRICE_NONE},
    {.kind = FLOW_HALT, .time_ns = 34208000000000, .code = 'T', .price = FLOW_PRICE_NONE},
};

static void lobster_kinds(void **state)
{
    (void)state;
    static struct file file;
    load("flow_lobster/all_types.csv", &file);
    struct flow_reader *reader = NULL;
    struct flow_error error;
    assert_int_equal(
        flow_open_memory("DOJ_2024-05-08_x.csv", file.bytes, file.count, NULL, &error, &reader),
        STATUS_OK);
    struct flow_message message;
    for (size_t i = 0; i < sizeof lobster_messages / sizeof lobster_messages[0]; i++) {
        assert_int_equal(flow_next(reader, &message), STATUS_OK);
        assert_int_equal(message.kind, lobster_messages[i].kind);
        assert_int_equal(message.time_ns, lobster_messages[i].time_ns);
        assert_int_equal(message.order_id, lobster_messages[i].order_id);
        assert_int_equal(message.quantity, lobster_messages[i].quantity);
        assert_int_equal(message.price, lobster_messages[i].price);
        assert_int_equal(message.side, lobster_messages[i].side);
        assert_int_equal(message.code, lobster_messages[i].code);
        assert_int_equal(message.source_index, i);
        assert_int_equal(message.position, i + 1);
        assert_memory_equal(message.symbol, "DOJ", 3);
    }
    assert_int_equal(flow_describe(reader)->trading_day, 20240508);
    flow_close(reader);
}

static void garbled_lines_name_their_field(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *field;
    } lines[] = {
        {"x,1,1,1,1,1\n", "'time'"},
        {"86401,1,1,1,1,1\n", "'time'"},
        {"34200.,1,1,1,1,1\n", "'time'"},
        {"34200,0,1,1,1,1\n", "'type'"},
        {"34200,1,-1,1,1,1\n", "'order id'"},
        {"34200,1,,1,1,1\n", "'order id'"},
        {"34200,1,1,4294967296,1,1\n", "'size'"},
        {"34200,1,1,1,1.5,1\n", "'price'"},
        {"34200,1,1,1,9223372036854775808,1\n", "'price'"},
        {"34200,1,1,1,1,0\n", "'direction'"},
        {"34200,1,1,1,1\n", "'price'"},
        {"34200,1,1,1,1,1x\n", "'direction'"},
        {"\n", "'time'"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char text[128];
        (void)snprintf(text, sizeof text, "34200,1,1,1,1,1\n%s34200,1,1,1,1,1\n", lines[i].line);
        struct result result = read_all((const uint8_t *)text, strlen(text), NULL);
        assert_int_equal(result.status, STATUS_INVALID);
        assert_int_equal(result.given, 1);
        assert_true(result.error.at_line);
        assert_int_equal(result.error.position, 2);
        assert_non_null(strstr(result.error.reason, lines[i].field));
        char described[300];
        flow_error_describe(&result.error, described, sizeof described);
        assert_memory_equal(described, "line 2: ", 8);
    }
    static char long_line[1000];
    memset(long_line, '1', sizeof long_line);
    struct flow_options options = {.format = FLOW_FORMAT_LOBSTER};
    struct result result = read_all((const uint8_t *)long_line, sizeof long_line, &options);
    assert_int_equal(result.status, STATUS_INVALID);
    assert_non_null(strstr(result.error.reason, "no end of line"));
}

static void itch_fields(void **state)
{
    (void)state;
    static struct file file;
    load("flow_itch/every_type.itch50", &file);
    struct flow_reader *reader = NULL;
    struct flow_error error;
    assert_int_equal(
        flow_open_memory("01302020.NASDAQ_ITCH50", file.bytes, file.count, NULL, &error, &reader),
        STATUS_OK);
    assert_int_equal(flow_describe(reader)->trading_day, 20200130);
    struct flow_message by_letter[128] = {0};
    struct flow_message message;
    while (flow_next(reader, &message) == STATUS_OK) {
        assert_int_equal(message.price_scale, 4);
        assert_int_equal(message.time_ns, UINT64_C(34200000000000));
        by_letter[message.raw_type] = message;
    }
    flow_close(reader);
    const struct flow_message *add = &by_letter['A'];
    assert_int_equal(add->kind, FLOW_ADD);
    assert_int_equal(add->order_id, 1);
    assert_int_equal(add->side, FLOW_SIDE_BUY);
    assert_int_equal(add->price, 100000);
    assert_int_equal(add->quantity, 100);
    assert_int_equal(add->instrument, 1);
    assert_int_equal(add->symbol_length, 3);
    assert_int_equal(by_letter['F'].kind, FLOW_ADD);
    assert_int_equal(by_letter['F'].side, FLOW_SIDE_SELL);
    assert_int_equal(by_letter['E'].kind, FLOW_EXECUTE);
    assert_int_equal(by_letter['E'].quantity, 40);
    assert_int_equal(by_letter['E'].match_number, 9);
    assert_int_equal(by_letter['C'].kind, FLOW_EXECUTE_PRICED);
    assert_int_equal(by_letter['C'].price, 100050);
    assert_true(by_letter['C'].printable);
    assert_int_equal(by_letter['X'].kind, FLOW_REDUCE);
    assert_int_equal(by_letter['X'].quantity, 10);
    assert_int_equal(by_letter['U'].kind, FLOW_REPLACE);
    assert_int_equal(by_letter['U'].order_id, 2);
    assert_int_equal(by_letter['U'].new_order_id, 3);
    assert_int_equal(by_letter['U'].price, 100200);
    assert_int_equal(by_letter['D'].kind, FLOW_DELETE);
    assert_int_equal(by_letter['P'].kind, FLOW_TRADE_NOTE);
    assert_int_equal(by_letter['P'].quantity, 5);
    assert_int_equal(by_letter['Q'].quantity, UINT32_MAX);
    assert_int_equal(by_letter['B'].match_number, 11);
    assert_int_equal(by_letter['R'].kind, FLOW_INSTRUMENT);
    assert_int_equal(by_letter['H'].code, 'T');
    assert_int_equal(by_letter['h'].code, 'H');
    assert_int_equal(by_letter['S'].kind, FLOW_SYSTEM);
    assert_int_equal(by_letter['S'].code, 'O');
    assert_int_equal(by_letter['N'].kind, FLOW_IGNORED);
}

static void pcap_counts_lines_and_holes(void **state)
{
    (void)state;
    static struct file file;
    load("flow_pcap/little_us.pcap", &file);
    struct result result = read_all(file.bytes, file.count, NULL);
    assert_int_equal(result.progress.messages_repeated, 2);
    assert_int_equal(result.progress.messages_missed, 3);
    assert_int_equal(result.progress.packets_ignored, 1);
    static const uint8_t kinds[] = {FLOW_SYSTEM, FLOW_INSTRUMENT, FLOW_ADD,
                                    FLOW_ADD,    FLOW_EXECUTE,    FLOW_DELETE};
    assert_memory_equal(result.kinds, kinds, sizeof kinds);
    static const uint8_t pcapng[] = {0x0a, 0x0d, 0x0d, 0x0a, 0x1c, 0, 0, 0};
    result = read_all(pcapng, sizeof pcapng, NULL);
    assert_int_equal(result.status, STATUS_UNSUPPORTED);
    assert_non_null(strstr(result.error.reason, "pcapng"));
}

static void dbn_fills_leave_one_message(void **state)
{
    (void)state;
    static const char *const names[] = {"v1", "v2", "v3", "v1_mixed", "v2_mixed", "v3_mixed"};
    /* R A A A | T F C M | T F C M N C: the M 1 and C 1 only book, C 2 and M 2 are the owner's. */
    static const uint8_t kinds[] = {FLOW_INSTRUMENT, FLOW_CLEAR,      FLOW_ADD,     FLOW_ADD,
                                    FLOW_ADD,        FLOW_TRADE_NOTE, FLOW_EXECUTE, FLOW_REDUCE,
                                    FLOW_TRADE_NOTE, FLOW_EXECUTE,    FLOW_REPLACE, FLOW_IGNORED,
                                    FLOW_REDUCE};
    static struct file file;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "flow_dbn/%s.dbn", names[i]);
        load(name, &file);
        bool mixed = strstr(name, "mixed") != NULL;
        struct flow_options options = {.tick = mixed ? 0 : 250000000};
        struct result result = read_all(file.bytes, file.count, &options);
        assert_int_equal(result.status, STATUS_END);
        assert_int_equal(result.progress.fills_consumed, 2);
        assert_int_equal(result.progress.fills_unbooked, 0);
        assert_int_equal(result.given, sizeof kinds + mixed);
        assert_memory_equal(result.kinds + mixed, kinds, sizeof kinds);
        if (!mixed) {
            result = read_all(file.bytes, file.count, NULL);
            assert_int_equal(result.status, STATUS_NOT_FOUND);
            assert_non_null(strstr(result.error.reason, "(DOJ)"));
        }
        options = (struct flow_options){.tick = 1, .live_orders_max = 1};
        result = read_all(file.bytes, file.count, &options);
        assert_int_equal(result.status, STATUS_FULL);
    }
}

/* Whole, cut at every byte, or with any byte changed: an end or a refusal with a reason, never more
 * messages than the whole file has. */
static void no_input_is_read_past_its_end(void **state)
{
    (void)state;
    static struct file file;
    struct prng prng;
    prng_init(&prng, 3);
    for (size_t i = 0; i < sizeof expectations / sizeof expectations[0]; i++) {
        if (expectations[i].status != STATUS_END) {
            continue;
        }
        struct flow_options options = {.format = expectations[i].format, .tick = 250000000};
        load(expectations[i].file, &file);
        struct result whole = read_all(file.bytes, file.count, &options);
        for (size_t count = 0; count < file.count; count += 1 + count / 97) {
            uint8_t *exact = malloc(count + 1);
            assert_non_null(exact);
            memcpy(exact, file.bytes, count);
            struct result cut = read_all(exact, count, &options);
            assert_true(cut.given <= whole.given);
            assert_true(cut.status == STATUS_END || cut.error.reason[0] != '\0');
            assert_true(cut.error.position <= 4096);
            free(exact);
        }
        for (int round = 0; round < 60; round++) {
            size_t at = (size_t)prng_below(&prng, file.count);
            uint8_t kept = file.bytes[at];
            file.bytes[at] = (uint8_t)prng_next(&prng);
            struct result damaged = read_all(file.bytes, file.count, &options);
            assert_true(damaged.status == STATUS_END || damaged.error.reason[0] != '\0');
            file.bytes[at] = kept;
        }
    }
}

/* A stream of many windows: messages lie across every border. */
static void windows_do_not_show(void **state)
{
    (void)state;
    enum { LINES = 100000 };
    char *text = malloc((size_t)LINES * 40);
    assert_non_null(text);
    size_t length = 0;
    for (int i = 0; i < LINES; i++) {
        length +=
            (size_t)snprintf(text + length, 40, "%d.%d,1,%d,%d,%d,%d\n", 34200 + i / 10, i % 10,
                             i + 1, i % 977 + 1, 1000000 + i % 313 * 100, i % 2 == 0 ? 1 : -1);
    }
    assert_true(length > (size_t)2 << 20);
    struct flow_reader *reader = NULL;
    struct flow_error error;
    assert_int_equal(flow_open_memory("A_b", (const uint8_t *)text, length, NULL, &error, &reader),
                     STATUS_OK);
    struct flow_message message;
    for (uint32_t i = 0; i < LINES; i++) {
        assert_int_equal(flow_next(reader, &message), STATUS_OK);
        assert_int_equal(message.order_id, i + 1);
        assert_int_equal(message.quantity, i % 977 + 1);
        assert_int_equal(message.time_ns, (uint64_t)(342000 + i) * 100000000);
    }
    assert_int_equal(flow_next(reader, &message), STATUS_END);
    assert_int_equal(flow_progress(reader)->bytes_read, length);
    flow_close(reader);
    free(text);
}

static void what_cannot_be_opened_says_so(void **state)
{
    (void)state;
    struct flow_reader *reader = NULL;
    struct flow_error error;
    assert_int_equal(flow_open("no/such/file", NULL, &error, &reader), STATUS_NOT_FOUND);
    assert_int_equal(flow_open("src", NULL, &error, &reader), STATUS_INVALID);
    assert_int_equal(read_all(NULL, 0, NULL).status, STATUS_INVALID);
    struct result result = read_all((const uint8_t *)"hello, world", 12, NULL);
    assert_int_equal(result.status, STATUS_UNSUPPORTED);
    assert_non_null(strstr(result.error.reason, "known are"));
    assert_null(reader);
    enum flow_format format = FLOW_FORMAT_DETECT;
    assert_int_equal(flow_format_parse("itch-unprefixed", &format), STATUS_OK);
    assert_int_equal(format, FLOW_FORMAT_ITCH_UNPREFIXED);
    assert_int_equal(flow_format_parse("detect", &format), STATUS_NOT_FOUND);
}

/* Whatever the format that is asked for; packed nothing is nothing too. */
static void what_is_empty_is_refused(void **state)
{
    (void)state;
    static const uint8_t gzip[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3,
                                   3,    0,    0, 0, 0, 0, 0, 0, 0, 0};
    static const uint8_t zstd[] = {0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 1, 0, 0};
    const struct {
        const uint8_t *bytes;
        size_t count;
        const char *reason;
    } files[] = {
        {NULL, 0, "the file is empty: name a file that holds messages"},
        {gzip, sizeof gzip, "nothing is packed in the file: name a file that holds messages"},
        {zstd, sizeof zstd, "nothing is packed in the file: name a file that holds messages"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(files); i++) {
        for (enum flow_format format = FLOW_FORMAT_DETECT; format <= FLOW_FORMAT_DBN; format++) {
            struct flow_options options = {.format = format};
            struct result result = read_all(files[i].bytes, files[i].count, &options);
            char said[256];
            flow_error_describe(&result.error, said, sizeof said);
            assert_int_equal(result.status, STATUS_INVALID);
            assert_string_equal(said, files[i].reason);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_ends_as_it_must),
        cmocka_unit_test(lobster_kinds),
        cmocka_unit_test(garbled_lines_name_their_field),
        cmocka_unit_test(itch_fields),
        cmocka_unit_test(pcap_counts_lines_and_holes),
        cmocka_unit_test(dbn_fills_leave_one_message),
        cmocka_unit_test(no_input_is_read_past_its_end),
        cmocka_unit_test(windows_do_not_show),
        cmocka_unit_test(what_cannot_be_opened_says_so),
        cmocka_unit_test(what_is_empty_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
