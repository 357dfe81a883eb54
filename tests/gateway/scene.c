/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/scene.h"

#include <stdlib.h>

int scene_setup(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    world_open(&scene->world);
    client_init(&scene->client, &scene->world, 0);
    *state = scene;
    return 0;
}

int scene_teardown(void **state)
{
    struct scene *scene = *state;
    client_deinit(&scene->client);
    world_close(&scene->world);
    free(scene);
    return 0;
}
