/* SPDX-License-Identifier: Apache-2.0
 *
 * dojima-sim: lives of a venue by their seeds. docs/reference/simulator.md
 */
#include "apps/sim/swarm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: dojima-sim [--seed N | --seeds N | --every-crash | --every-error] [option]...\n"
    "Simulated lives of a venue: disk, clock and clients come from the seed, and so does all that\n"
    "goes wrong. One seed always gives one life, bit for bit.\n"
    "  --seed N        one life, and what happened in it (default 1)\n"
    "  --seeds N       N lives with the seeds from 1, or --from, on; ends with 1 if one went "
    "wrong\n"
    "  --commands N    what the clients send before they come to rest (default: by the seed, at "
    "most\n"
    "                  1200); with more, failures come that much farther apart\n"
    "  --every-crash   one calm life of --commands, crashed at every call to the disk in turn, "
    "with\n"
    "                  each of the four fates of what was not synced\n"
    "  --every-error   the same life, every call and every read failing in turn\n"
    "  --bug N, --bugs of dojima-sim-planted: with planted bug N; each of them in turn and the "
    "table\n"
    "  --history FILE  what every client sent and heard, as JSON lines; with --seed\n"
    "  --json          one object a life\n";

static bool number_of(const char *text, uint64_t *out_number)
{
    char *end;
    if (text == NULL || *text < '0' || *text > '9') {
        return false;
    }
    *out_number = strtoull(text, &end, 10);
    return *end == '\0';
}

/* Takes one option; false: it is none, or has no value that fits. */
static bool take(struct swarm_options *options, const char *name, const char *value)
{
    if (strcmp(name, "--seed") == 0) {
        options->count = 1;
        return number_of(value, &options->first);
    }
    if (strcmp(name, "--seeds") == 0) {
        options->many = true;
        return number_of(value, &options->count) && options->count > 0;
    }
    if (strcmp(name, "--from") == 0) {
        return number_of(value, &options->first);
    }
    if (strcmp(name, "--commands") == 0) {
        return number_of(value, &options->commands);
    }
    if (strcmp(name, "--bug") == 0) {
        return number_of(value, &options->bug);
    }
    if (strcmp(name, "--history") == 0 && value != NULL) {
        options->history = value;
        return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    struct swarm_options options = {.first = 1, .count = 1};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            fputs(usage, stdout);
            return 0;
        }
        if (strcmp(argv[i], "--json") == 0) {
            options.json = true;
        } else if (strcmp(argv[i], "--every-crash") == 0) {
            options.mode = SWARM_CRASHES;
        } else if (strcmp(argv[i], "--every-error") == 0) {
            options.mode = SWARM_ERRORS;
        } else if (strcmp(argv[i], "--bugs") == 0) {
            options.mode = SWARM_BUGS;
        } else if (take(&options, argv[i], i + 1 < argc ? argv[i + 1] : NULL)) {
            i++;
        } else {
            fprintf(stderr, "dojima-sim: %s is no option, or its value is missing or wrong\n%s",
                    argv[i], usage);
            return 2;
        }
    }
    return swarm(&options);
}
