/* SPDX-License-Identifier: Apache-2.0
 *
 * What tests of the gateway begin with: a world and a client of its first session.
 *
 * Owner: the test. Threads: one. Memory: malloc. Errors: cmocka assertions.
 * Order of calls: scene_setup, any, scene_teardown.
 */
#ifndef DOJIMA_TESTS_GATEWAY_SCENE_H
#define DOJIMA_TESTS_GATEWAY_SCENE_H

#include "gateway/client.h"

struct scene {
    struct world world;
    struct client client;
    uint64_t input_sequence; /* used last, where the test counts them */
};

/* For cmocka: `*state` is a struct scene. */
int scene_setup(void **state);
int scene_teardown(void **state);

#endif
