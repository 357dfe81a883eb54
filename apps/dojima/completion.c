/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/options.h"

#include <stdio.h>
#include <string.h>

/* Cases for options with a closed set of values; all other values are files. */
static void print_values(const struct app_command *command)
{
    for (const struct option_spec *spec = command->options; spec->name != NULL; spec++) {
        if (spec->words != NULL) {
            printf("    %s:--%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n",
                   command->name, spec->name, spec->words);
        }
    }
}

/* "check|show DIR": a first argument with a closed set of values. */
static void print_actions(const struct app_command *command)
{
    size_t count = strcspn(command->arguments, " ");
    if (memchr(command->arguments, '|', count) == NULL) {
        return;
    }
    printf("    %s:%s) COMPREPLY=($(compgen -W '", command->name, command->name);
    for (size_t i = 0; i < count; i++) {
        putchar(command->arguments[i] == '|' ? ' ' : command->arguments[i]);
    }
    printf("' -- \"$word\")); return ;;\n");
}

static void print_bash(void)
{
    printf("# bash completion for dojima: source <(dojima completion bash)\n"
           "_dojima() {\n"
           "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
           "  if [ \"$COMP_CWORD\" -eq 1 ] || [ \"$before\" = help ]; then\n"
           "    COMPREPLY=($(compgen -W '");
    for (const struct app_command *command = app_commands; command->name != NULL; command++) {
        printf("%s%s", command == app_commands ? "" : " ", command->name);
    }
    printf("' -- \"$word\"))\n    return\n  fi\n  case \"${COMP_WORDS[1]}:$before\" in\n");
    for (const struct app_command *command = app_commands; command->name != NULL; command++) {
        print_values(command);
        print_actions(command);
    }
    printf("    completion:completion) COMPREPLY=($(compgen -W 'bash' -- \"$word\")); return ;;\n"
           "  esac\n  case \"${COMP_WORDS[1]}\" in\n");
    for (const struct app_command *command = app_commands; command->name != NULL; command++) {
        if (command->options[0].name == NULL) {
            continue;
        }
        printf("    %s) options='", command->name);
        for (const struct option_spec *spec = command->options; spec->name != NULL; spec++) {
            printf("--%s ", spec->name);
        }
        printf("--help' ;;\n");
    }
    printf("    *) options='--help' ;;\n  esac\n"
           "  if [ \"${word#-}\" != \"$word\" ]; then\n"
           "    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
           "  else\n"
           "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
           "  fi\n"
           "}\n"
           "complete -o filenames -F _dojima dojima\n");
}

int run_completion(const struct app_command *command, int argc, char **argv)
{
    struct options options;
    options_begin(&options, command, argc, argv);
    int next = options_next(&options);
    if (next != OPTIONS_END) {
        return next == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
    }
    if (options_argument_count(&options) != 1 ||
        strcmp(options_argument(&options, 0), "bash") != 0) {
        complain("say for which shell: `dojima completion bash`");
        return EXIT_BAD_INPUT;
    }
    print_bash();
    return EXIT_OK;
}
