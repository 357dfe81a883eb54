/* SPDX-License-Identifier: Apache-2.0
 *
 * The venue's composition is in one library with the commands of its binary, whose help asks for
 * their table. The simulator has none of them.
 */
#include "apps/dojima/command.h"

#include <stddef.h>

const struct app_command app_commands[] = {{NULL, NULL, NULL, NULL, NULL, NULL}};

const struct app_command *app_command_find(const char *name)
{
    (void)name;
    return NULL;
}
