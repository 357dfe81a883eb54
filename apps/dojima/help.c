/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/commit.h"
#include "apps/dojima/options.h"

#include <stdio.h>
#include <string.h>

#define OPTION_COLUMNS 26

const struct option_spec no_options[] = {{NULL, NULL, NULL, NULL}};

static const char exit_codes[] =
    "Exit codes: 0 ok, 1 check failed, 2 bad input or usage, 3 configuration, 4 no connection,\n"
    "5 authentication, 7 refused, 8 outcome unknown, 130 interrupted.\n";

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

void print_version(void)
{
    printf("dojima %s, commit %s, %s\n", DOJIMA_VERSION, DOJIMA_COMMIT, COMPILER);
}

static void print_option(const struct option_spec *spec)
{
    char left[64];
    snprintf(left, sizeof left, "--%s%s%s", spec->name, spec->argument != NULL ? " " : "",
             spec->argument != NULL ? spec->argument : "");
    printf("  %-*s%s\n", OPTION_COLUMNS, left, spec->help);
}

void print_help(const struct app_command *command)
{
    printf("dojima %s%s%s%s: %s\n", command->name,
           command->options[0].name != NULL ? " [options]" : "",
           command->arguments[0] != '\0' ? " " : "", command->arguments, command->summary);
    if (command->options[0].name != NULL) {
        printf("\nOptions (-- ends them):\n");
    }
    for (const struct option_spec *spec = command->options; spec->name != NULL; spec++) {
        print_option(spec);
    }
    if (command->details != NULL) {
        printf("\n%s", command->details);
    }
    printf("\n%s", exit_codes);
}

static void print_overview(void)
{
    printf(
        "dojima: a trading venue that anyone can run.\n\nUsage: dojima COMMAND [options] ...\n\n");
    for (const struct app_command *command = app_commands; command->name != NULL; command++) {
        printf("  %-12s%s\n", command->name, command->summary);
    }
    printf("\n`dojima help COMMAND` tells the options of one. %s", exit_codes);
}

int run_help(const struct app_command *command, int argc, char **argv)
{
    struct options options;
    options_begin(&options, command, argc, argv);
    int next = options_next(&options);
    if (next != OPTIONS_END) {
        return next == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
    }
    if (options_argument_count(&options) == 0) {
        print_overview();
        return EXIT_OK;
    }
    for (int i = 0; i < options_argument_count(&options); i++) {
        const struct app_command *named = app_command_find(options_argument(&options, i));
        if (named == NULL) {
            complain("there is no command '%s'; `dojima help` lists them",
                     options_argument(&options, i));
            return EXIT_BAD_INPUT;
        }
        print_help(named);
    }
    return EXIT_OK;
}

int run_version(const struct app_command *command, int argc, char **argv)
{
    struct options options;
    options_begin(&options, command, argc, argv);
    int next = options_next(&options);
    if (next != OPTIONS_END) {
        return next == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
    }
    print_version();
    return EXIT_OK;
}
