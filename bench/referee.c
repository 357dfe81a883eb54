/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/referee.h"

#include "apps/referee/abi.h"
#include "base/assert.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define LIBRARY      "libdojima_referee.so"
#define RING_REPORTS 1024u

static struct {
    ALIGNED(64) struct referee_report reports[RING_REPORTS];
    uint64_t count;
} ring;

static int push(void *queue, const struct referee_report *report)
{
    (void)queue;
    ring.reports[ring.count++ % RING_REPORTS] = *report;
    return 1;
}

static const struct referee_transport transport = {.push = push};

/* ISO C has no cast between object and function pointers. */
static bool find(void *library, const char *name, void *out_function)
{
    void *symbol = dlsym(library, name);
    memcpy(out_function, &symbol, sizeof symbol);
    return symbol != NULL;
}

enum status referee_open(struct referee *referee)
{
    *referee = (struct referee){.library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL)};
    if (referee->library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return STATUS_NOT_FOUND;
    }
    void *library = referee->library;
    if (!find(library, "engine_init", &referee->init) ||
        !find(library, "engine_shutdown", &referee->shutdown) ||
        !find(library, "engine_on_new_order", &referee->on_new_order) ||
        !find(library, "engine_on_cancel", &referee->on_cancel) ||
        !find(library, "engine_on_modify", &referee->on_modify) ||
        !find(library, "engine_flush", &referee->flush)) {
        referee_close(referee);
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

void referee_close(struct referee *referee)
{
    if (referee->library != NULL) {
        dlclose(referee->library);
    }
    *referee = (struct referee){0};
}

static NEVER_INLINE void send_all(const struct referee *referee, const struct workload *workload)
{
    for (size_t i = 0; i < workload->count; i++) {
        const struct step *step = &workload->steps[i];
        uint8_t side = step->side == SIDE_SELL;
        if (step->command == COMMAND_NEW_ORDER) {
            struct referee_new_order message = {.order_id = step->order,
                                                .sequence = i,
                                                .price_ticks = step->price_units,
                                                .quantity = step->lots,
                                                .side = side,
                                                .ioc = step->time_in_force == TIME_IN_FORCE_IOC};
            referee->on_new_order(&message);
        } else if (step->command == COMMAND_CANCEL) {
            struct referee_cancel message = {.order_id = step->order, .sequence = i};
            referee->on_cancel(&message);
        } else {
            struct referee_modify message = {.order_id = step->order,
                                             .sequence = i,
                                             .price_ticks = step->price_units,
                                             .quantity = step->lots,
                                             .side = side};
            referee->on_modify(&message);
        }
    }
    referee->flush();
}

struct window referee_run(struct referee *referee, const struct workload *workload)
{
    struct window window = {0};
    ring.count = 0;
    referee->init(0, &transport, &ring);
    window_begin(&window);
    send_all(referee, workload);
    window_end(&window);
    referee->shutdown();
    ASSERT(referee->reports == 0 || referee->reports == ring.count);
    referee->reports = ring.count;
    return window;
}
