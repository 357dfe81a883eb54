/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the referee's library answers the public benchmark's edge cases report for report.
 * Method: each case of DOJIMA_DATA/matching/edge_cases.json is played into the library that a
 * harness would load; its reports, sorted by (sequence, type) and written a line each, must give
 * the published SHA-256, and the listed lines where the file lists them. Without DOJIMA_DATA:
 * skipped by name.
 */
#include "apps/referee/abi.h"
#include "host/digest.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define REPORTS_MAX 20000
#define SWEEP_CASE  "deep_recursive_sweep_5000"
#define SWEEP_DEPTH 5000

struct library {
    void *handle;
    void (*init)(uint64_t seed, const struct referee_transport *transport, void *queue);
    void (*shutdown)(void);
    void (*on_new_order)(const struct referee_new_order *message);
    void (*on_cancel)(const struct referee_cancel *message);
    void (*on_modify)(const struct referee_modify *message);
    void (*flush)(void);
    int64_t (*best_bid)(void);
    int64_t (*best_ask)(void);
    uint64_t (*depth_at)(int64_t price_ticks, uint8_t side);
};

static const char *library_path;

/* The reports of one case, in the order pushed. */
struct reports {
    struct referee_report list[REPORTS_MAX];
    size_t order[REPORTS_MAX];
    size_t count;
};

static int push(void *queue, const struct referee_report *report)
{
    struct reports *reports = queue;
    assert_true(reports->count < REPORTS_MAX);
    reports->list[reports->count++] = *report;
    return 1;
}

static const struct referee_transport transport = {.push = push};

static void *symbol(const struct library *library, const char *name)
{
    void *address = dlsym(library->handle, name);
    if (address == NULL) {
        fail_msg("the library has no %s", name);
    }
    return address;
}

/* A data pointer becomes a function pointer only through memcpy in strict C. */
#define BIND(library, member, name)                                                                \
    do {                                                                                           \
        void *bind_address = symbol((library), (name));                                            \
        memcpy(&(library)->member, &bind_address, sizeof bind_address);                            \
    } while (0)

static void open_library(struct library *library)
{
    library->handle = dlopen(library_path, RTLD_NOW | RTLD_LOCAL);
    if (library->handle == NULL) {
        fail_msg("%s", dlerror());
    }
    BIND(library, init, "engine_init");
    BIND(library, shutdown, "engine_shutdown");
    BIND(library, on_new_order, "engine_on_new_order");
    BIND(library, on_cancel, "engine_on_cancel");
    BIND(library, on_modify, "engine_on_modify");
    BIND(library, flush, "engine_flush");
    BIND(library, best_bid, "engine_query_best_bid");
    BIND(library, best_ask, "engine_query_best_ask");
    BIND(library, depth_at, "engine_query_depth_at");
}

static const struct reports *sorting;

/* Pushed order decides between equals, so the sort is stable. */
static int by_sequence_and_type(const void *left, const void *right)
{
    size_t a = *(const size_t *)left;
    size_t b = *(const size_t *)right;
    const struct referee_report *first = &sorting->list[a];
    const struct referee_report *second = &sorting->list[b];
    if (first->sequence != second->sequence) {
        return first->sequence < second->sequence ? -1 : 1;
    }
    if (first->type != second->type) {
        return first->type < second->type ? -1 : 1;
    }
    return a < b ? -1 : 1;
}

static void line_of(const struct referee_report *r, char *line, size_t bytes)
{
    switch (r->type) {
    case REFEREE_ORDER_ACK:
    case REFEREE_MODIFY_ACK:
        snprintf(line, bytes, "%d,%" PRIu64 ",%d,%" PRIu64 ",%" PRId64 ",%" PRIu32, r->type,
                 r->sequence, r->side, r->order_id, r->price_ticks, r->quantity);
        break;
    case REFEREE_TRADE:
        snprintf(line, bytes, "1,%" PRIu64 ",%" PRId64 ",%" PRIu32 ",%" PRIu64 ",%" PRIu64,
                 r->sequence, r->price_ticks, r->quantity, r->maker_order_id, r->taker_order_id);
        break;
    case REFEREE_CANCEL_ACK:
        snprintf(line, bytes, "2,%" PRIu64 ",%d,%" PRIu64 ",%" PRId64, r->sequence, r->side,
                 r->order_id, r->price_ticks);
        break;
    default:
        snprintf(line, bytes, "%d,%" PRIu64 ",%" PRIu64, r->type, r->sequence, r->order_id);
        break;
    }
}

static void play(const struct library *library, const json_t *message, uint64_t sequence)
{
    const char *op = json_string_value(json_object_get(message, "op"));
    const char *side_name = json_string_value(json_object_get(message, "side"));
    uint64_t id = (uint64_t)json_integer_value(json_object_get(message, "id"));
    uint8_t side = side_name != NULL && side_name[0] == 'S';
    uint32_t quantity = (uint32_t)json_integer_value(json_object_get(message, "qty"));
    int64_t price = json_integer_value(json_object_get(message, "px"));
    if (strcmp(op, "NEW") == 0) {
        library->on_new_order(&(struct referee_new_order){
            .order_id = id,
            .sequence = sequence,
            .price_ticks = price,
            .quantity = quantity,
            .side = side,
            .ioc = json_integer_value(json_object_get(message, "ioc")) != 0});
    } else if (strcmp(op, "CANCEL") == 0) {
        library->on_cancel(&(struct referee_cancel){.order_id = id, .sequence = sequence});
    } else {
        assert_string_equal(op, "MODIFY");
        library->on_modify(&(struct referee_modify){.order_id = id,
                                                    .sequence = sequence,
                                                    .price_ticks = price,
                                                    .quantity = quantity,
                                                    .side = side});
    }
}

/* The file names this case without listing it: 5,000 orders of one at a price, swept by one order.
 */
static void play_sweep(const struct library *library)
{
    for (uint64_t i = 0; i < SWEEP_DEPTH; i++) {
        library->on_new_order(&(struct referee_new_order){
            .order_id = i + 1, .sequence = i, .price_ticks = 100, .quantity = 1, .side = 1});
    }
    library->on_new_order(&(struct referee_new_order){.order_id = SWEEP_DEPTH + 1,
                                                      .sequence = SWEEP_DEPTH,
                                                      .price_ticks = 100,
                                                      .quantity = SWEEP_DEPTH,
                                                      .side = 0,
                                                      .ioc = 1});
}

static void check_reports(struct reports *reports, const json_t *test_case)
{
    const char *name = json_string_value(json_object_get(test_case, "case"));
    for (size_t i = 0; i < reports->count; i++) {
        reports->order[i] = i;
    }
    sorting = reports;
    qsort(reports->order, reports->count, sizeof reports->order[0], by_sequence_and_type);
    const json_t *expected = json_object_get(test_case, "reports");
    if (json_is_array(expected)) {
        assert_int_equal(json_array_size(expected), reports->count);
    }
    struct host_digest *digest;
    assert_int_equal(host_digest_open(&digest), STATUS_OK);
    host_digest_begin(digest);
    for (size_t i = 0; i < reports->count; i++) {
        char line[160];
        line_of(&reports->list[reports->order[i]], line, sizeof line);
        if (json_is_array(expected)) {
            assert_string_equal(line, json_string_value(json_array_get(expected, i)));
        }
        if (i > 0) {
            host_digest_add(digest, "\n", 1);
        }
        host_digest_add(digest, line, strlen(line));
    }
    uint8_t bytes[HOST_DIGEST_BYTES];
    host_digest_end(digest, bytes);
    host_digest_close(digest);
    char hexadecimal[2 * HOST_DIGEST_BYTES + 1];
    for (size_t i = 0; i < HOST_DIGEST_BYTES; i++) {
        snprintf(hexadecimal + 2 * i, 3, "%02x", bytes[i]);
    }
    print_message("%-40s %zu reports\n", name, reports->count);
    assert_string_equal(hexadecimal,
                        json_string_value(json_object_get(test_case, "report_sha256")));
}

static json_t *load_cases(void)
{
    const char *folder = getenv("DOJIMA_DATA");
    if (folder == NULL) {
        print_message("skipped: DOJIMA_DATA is not set (matching/edge_cases.json)\n");
        return NULL;
    }
    char path[4096];
    snprintf(path, sizeof path, "%s/matching/edge_cases.json", folder);
    json_error_t error;
    json_t *cases = json_load_file(path, 0, &error);
    if (cases == NULL) {
        fail_msg("%s: %s", path, error.text);
    }
    return cases;
}

static void test_published_cases(void **state)
{
    (void)state;
    json_t *cases = load_cases();
    if (cases == NULL) {
        skip();
    }
    struct library library;
    open_library(&library);
    struct reports *reports = calloc(1, sizeof *reports);
    assert_non_null(reports);
    assert_int_equal(json_array_size(cases), 17);
    for (size_t c = 0; c < json_array_size(cases); c++) {
        const json_t *test_case = json_array_get(cases, c);
        const json_t *input = json_object_get(test_case, "input");
        reports->count = 0;
        library.init(c, &transport, reports);
        if (json_is_array(input)) {
            for (size_t i = 0; i < json_array_size(input); i++) {
                play(&library, json_array_get(input, i), i);
            }
        } else {
            assert_string_equal(json_string_value(json_object_get(test_case, "case")), SWEEP_CASE);
            play_sweep(&library);
        }
        library.flush();
        library.shutdown();
        check_reports(reports, test_case);
    }
    free(reports);
    json_decref(cases);
    dlclose(library.handle);
}

/* What the listed cases do not ask: the book's state, ids used again, ids far beyond 2^32. */
static void test_queries_and_ids(void **state)
{
    (void)state;
    struct library library;
    open_library(&library);
    struct reports *reports = calloc(1, sizeof *reports);
    assert_non_null(reports);
    library.init(1, &transport, reports);
    assert_true(library.best_bid() == INT64_MIN && library.best_ask() == INT64_MAX);
    uint64_t far_id = UINT64_MAX;
    for (uint64_t round = 0; round < 3; round++) {
        library.on_new_order(&(struct referee_new_order){.order_id = far_id,
                                                         .sequence = round * 3,
                                                         .price_ticks = -5,
                                                         .quantity = 7,
                                                         .side = 0});
        assert_true(library.best_bid() == -5 && library.depth_at(-5, 0) == 7);
        library.on_modify(&(struct referee_modify){.order_id = far_id,
                                                   .sequence = round * 3 + 1,
                                                   .price_ticks = 9,
                                                   .quantity = 8,
                                                   .side = 0});
        assert_true(library.best_bid() == 9 && library.depth_at(-5, 0) == 0);
        library.on_cancel(&(struct referee_cancel){.order_id = far_id, .sequence = round * 3 + 2});
        assert_true(library.best_bid() == INT64_MIN && library.depth_at(9, 0) == 0);
    }
    assert_int_equal(reports->count, 9);
    library.shutdown();
    free(reports);
    dlclose(library.handle);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s LIBRARY\n", argv[0]);
        return 2;
    }
    library_path = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_cases),
        cmocka_unit_test(test_queries_and_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
