/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: what is said of the machine and of private files is what the system says.
 * Method: limits that the test sets, files whose modes it changes.
 */
#include "host/machine.h"
#include "host/private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void limits_are_the_processes_own(void **state)
{
    (void)state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit lower = {.rlim_cur = 123, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &lower), 0);
    struct host_limits limits;
    assert_int_equal(host_machine_limits(&limits), STATUS_OK);
    assert_int_equal(limits.open_files, 123);
    assert_true(limits.open_files_most >= 123);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_true(host_machine_processors() >= 1);
}

static void facts_and_space(void **state)
{
    (void)state;
    char directory[] = "/tmp/dojima-machine-XXXXXX";
    char path[64];
    char line[8];
    uint64_t bytes = 0;
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/fact", directory);
    assert_int_equal(host_machine_fact(path, line, sizeof line), STATUS_NOT_FOUND);
    assert_int_equal(host_machine_free_bytes(path, &bytes), STATUS_NOT_FOUND);
    assert_int_equal(host_machine_free_bytes(directory, &bytes), STATUS_OK);
    assert_true(bytes > 0);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("abc\ndef\n", file);
    fclose(file);
    assert_int_equal(host_machine_fact(path, line, sizeof line), STATUS_OK);
    assert_string_equal(line, "abc");
    char two[3];
    assert_int_equal(host_machine_fact(path, two, sizeof two), STATUS_OK);
    assert_string_equal(two, "ab");
    assert_int_equal(unlink(path) | rmdir(directory), 0);
}

static void private_is_for_the_owner_alone(void **state)
{
    (void)state;
    char directory[] = "/tmp/dojima-private-XXXXXX";
    char path[64];
    char link_path[64];
    unsigned mode = 0;
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/file", directory);
    snprintf(link_path, sizeof link_path, "%s/link", directory);
    assert_int_equal(host_private_check(path, &mode), STATUS_NOT_FOUND);
    assert_int_equal(host_private_restrict(path), STATUS_NOT_FOUND);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    for (unsigned bits = 1; bits <= 040; bits <<= 1) {
        assert_int_equal(chmod(path, 0600 | bits), 0);
        assert_int_equal(host_private_check(path, &mode), STATUS_DENIED);
        assert_int_equal(mode, 0600 | bits);
    }
    assert_int_equal(host_private_restrict(path), STATUS_OK);
    assert_int_equal(host_private_check(path, &mode), STATUS_OK);
    assert_int_equal(mode, 0600);
    assert_int_equal(chmod(directory, 0755), 0);
    assert_int_equal(host_private_check(directory, &mode), STATUS_DENIED);
    assert_int_equal(host_private_restrict(directory), STATUS_OK);
    assert_int_equal(host_private_check(directory, &mode), STATUS_OK);
    assert_int_equal(mode, 0700);
    assert_int_equal(symlink(path, link_path), 0);
    assert_int_equal(host_private_check(link_path, &mode), STATUS_DENIED);
    assert_int_equal(host_private_restrict(link_path), STATUS_DENIED);
    assert_int_equal(unlink(link_path) | unlink(path) | rmdir(directory), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_the_processes_own),
        cmocka_unit_test(facts_and_space),
        cmocka_unit_test(private_is_for_the_owner_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
