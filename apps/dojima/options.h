/* SPDX-License-Identifier: Apache-2.0
 *
 * The command line of one command, option by option, from its table of specifications. Says itself
 * what is wrong, on standard error, with the remedy.
 *
 * Owner: the command. Threads: one. Memory: none. Errors: OPTIONS_BAD, and false from the parsers.
 * Order of calls: options_begin, options_next until it is negative, options_argument.
 */
#ifndef DOJIMA_APPS_OPTIONS_H
#define DOJIMA_APPS_OPTIONS_H

#include "apps/dojima/command.h"
#include "apps/dojima/complain.h"
#include "base/compiler.h"

#include <getopt.h>
#include <stdbool.h>

#define OPTION_COUNT_MAX 32

enum options_end {
    OPTIONS_END = -1,
    OPTIONS_BAD = -2,  /* said on standard error: end with EXIT_BAD_INPUT */
    OPTIONS_HELP = -3, /* shown: end with EXIT_OK */
};

struct options {
    const struct app_command *command;
    int argc;
    char **argv;
    struct option long_options[OPTION_COUNT_MAX + 2];
    int index;         /* of the option just read in command->options */
    const char *value; /* its argument */
};

void options_begin(struct options *options, const struct app_command *command, int argc,
                   char **argv);

/* Index of the next option in command->options, or enum options_end. */
int options_next(struct options *options);

/* How many arguments are left that are not options, and the n-th of them. */
int options_argument_count(const struct options *options);
const char *options_argument(const struct options *options, int n);

/* The value just read as a whole number in [lowest, highest], or as one of some words: its index
 * in the blank-separated list. False: said on standard error. */
MUST_USE bool options_number(const struct options *options, uint64_t lowest, uint64_t highest,
                             uint64_t *out_number);
MUST_USE bool options_word(const struct options *options, const char *words, int *out_index);

/* A positive decimal number such as 0.25, in units of 10^-scale. */
MUST_USE bool options_decimal(const struct options *options, unsigned scale, int64_t *out_units);

#endif
