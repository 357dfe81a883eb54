/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/options.h"

#include "base/assert.h"

#include <stdio.h>
#include <string.h>

#define HELP_VALUE 'h'
#define FIRST_LONG 256 /* values of long options: behind every letter */

void options_begin(struct options *options, const struct app_command *command, int argc,
                   char **argv)
{
    *options = (struct options){.command = command, .argc = argc, .argv = argv};
    int count = 0;
    for (const struct option_spec *spec = command->options; spec->name != NULL; spec++) {
        ASSERT(count < OPTION_COUNT_MAX);
        options->long_options[count] = (struct option){
            .name = spec->name,
            .has_arg = spec->argument != NULL ? required_argument : no_argument,
            .val = FIRST_LONG + count,
        };
        count++;
    }
    options->long_options[count] = (struct option){.name = "help", .val = HELP_VALUE};
    optind = 1;
    opterr = 0;
}

int options_next(struct options *options)
{
    const char *word = optind < options->argc ? options->argv[optind] : "";
    int found = getopt_long(options->argc, options->argv, ":h", options->long_options, NULL);
    if (found == -1) {
        return OPTIONS_END;
    }
    if (found == HELP_VALUE) {
        print_help(options->command);
        return OPTIONS_HELP;
    }
    if (found >= FIRST_LONG) {
        options->index = found - FIRST_LONG;
        options->value = optarg;
        return options->index;
    }
    /* getopt may have stepped over an argument that stood before the bad option. */
    if (word[0] != '-' && optind > 0 && optind <= options->argc) {
        word = options->argv[optind - 1];
    }
    complain(found == ':' ? "the option %s wants a value; see `dojima help %s`"
                          : "%s is no option of this command, or takes no value; see `dojima help "
                            "%s`",
             word, options->command->name);
    return OPTIONS_BAD;
}

int options_argument_count(const struct options *options)
{
    return options->argc - optind;
}

const char *options_argument(const struct options *options, int n)
{
    ASSERT(n >= 0 && n < options_argument_count(options));
    return options->argv[optind + n];
}

static const char *name_of(const struct options *options)
{
    return options->command->options[options->index].name;
}

bool options_number(const struct options *options, uint64_t lowest, uint64_t highest,
                    uint64_t *out_number)
{
    const char *at = options->value;
    uint64_t number = 0;
    bool valid = *at != '\0';
    for (; *at != '\0' && valid; at++) {
        valid = *at >= '0' && *at <= '9' && !__builtin_mul_overflow(number, 10, &number) &&
                !__builtin_add_overflow(number, (uint64_t)(*at - '0'), &number);
    }
    if (!valid || number < lowest || number > highest) {
        complain("--%s wants a whole number from %llu to %llu, not '%s'", name_of(options),
                 (unsigned long long)lowest, (unsigned long long)highest, options->value);
        return false;
    }
    *out_number = number;
    return true;
}

bool options_word(const struct options *options, const char *words, int *out_index)
{
    size_t length = strlen(options->value);
    int index = 0;
    for (const char *at = words; *at != '\0'; index++) {
        size_t word = strcspn(at, " ");
        if (word == length && memcmp(at, options->value, length) == 0) {
            *out_index = index;
            return true;
        }
        at += word;
        at += strspn(at, " ");
    }
    complain("--%s wants one of: %s; not '%s'", name_of(options), words, options->value);
    return false;
}

bool options_decimal(const struct options *options, unsigned scale, int64_t *out_units)
{
    int64_t units = 0;
    unsigned decimals = 0;
    bool point = false;
    bool digits = false;
    bool valid = true;
    for (const char *at = options->value; *at != '\0' && valid; at++) {
        if (*at == '.' && !point) {
            point = true;
            continue;
        }
        decimals += point;
        digits = true;
        valid = *at >= '0' && *at <= '9' && decimals <= scale &&
                !__builtin_mul_overflow(units, 10, &units) &&
                !__builtin_add_overflow(units, *at - '0', &units);
    }
    for (; valid && decimals < scale; decimals++) {
        valid = !__builtin_mul_overflow(units, 10, &units);
    }
    if (!valid || !digits || units <= 0) {
        complain("--%s wants a positive decimal number with at most %u decimals, such as 0.25, not "
                 "'%s'",
                 name_of(options), scale, options->value);
        return false;
    }
    *out_units = units;
    return true;
}
