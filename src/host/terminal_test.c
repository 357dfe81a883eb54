/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a pipe whose reader has gone is told from one that is read, and from what is no pipe.
 * Method: a pipe, closed at its other end; a file.
 */
#include "host/terminal.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

static void a_reader_that_goes(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_false(host_terminal_reader_gone(ends[1]));
    close(ends[0]);
    assert_true(host_terminal_reader_gone(ends[1]));
    close(ends[1]);
    int file = open("/dev/null", O_WRONLY | O_CLOEXEC);
    assert_true(file >= 0);
    assert_false(host_terminal_reader_gone(file));
    close(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_reader_that_goes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
