/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the arena gives zeroed, aligned, separate pieces, measures what they take, and a piece too
 * many or a piece after the seal is a bug that aborts and names the command sequence.
 * Method: pieces written full and compared; the aborts happen in a child process whose last words
 * are read through a pipe.
 */
#include "base/arena.h"
#include "base/assert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define BLOCK_BYTES 4096

static ALIGNED(64) uint8_t block[BLOCK_BYTES];

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    memset(block, 0xee, sizeof block);
    struct arena arena;
    arena_init(&arena, block, sizeof block);
    uint8_t *pieces[4];
    for (size_t i = 0; i < 4; i++) {
        pieces[i] = arena_take(&arena, i + 1, 33);
        assert_true(((uintptr_t)pieces[i] & 63) == 0);
        for (size_t j = 0; j < (i + 1) * 33; j++) {
            assert_int_equal(pieces[i][j], 0);
        }
        memset(pieces[i], (int)i + 1, (i + 1) * 33);
    }
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < (i + 1) * 33; j++) {
            assert_int_equal(pieces[i][j], i + 1);
        }
    }
}

static void measuring_counts_what_taking_uses(void **state)
{
    (void)state;
    struct arena measure;
    struct arena real;
    arena_init_measure(&measure);
    arena_init(&real, block, sizeof block);
    for (size_t i = 1; i < 10; i++) {
        assert_null(arena_take(&measure, i, 7));
        assert_non_null(arena_take(&real, i, 7));
        assert_int_equal(measure.used, real.used);
    }
}

static void a_zeroed_block_is_not_written(void **state)
{
    (void)state;
    memset(block, 0xee, sizeof block);
    struct arena arena;
    arena_init_zeroed(&arena, block, sizeof block);
    uint8_t *piece = arena_take(&arena, 1, 100);
    assert_ptr_equal(piece, block);
    assert_int_equal(piece[99], 0xee);
}

static void take_after_seal(void)
{
    struct arena arena;
    arena_init(&arena, block, sizeof block);
    arena_seal(&arena);
    assert_at_sequence(4711);
    (void)arena_take(&arena, 1, 1);
}

static void take_too_much(void)
{
    struct arena arena;
    arena_init(&arena, block, sizeof block);
    (void)arena_take(&arena, BLOCK_BYTES / 64, 64);
    (void)arena_take(&arena, 1, 1);
}

static void take_a_product_that_overflows(void)
{
    struct arena arena;
    arena_init(&arena, block, sizeof block);
    (void)arena_take(&arena, SIZE_MAX / 2, 3);
}

/* Runs `act` in a child and returns its last words; fails unless it aborted. */
static const char *abort_message(void (*act)(void))
{
    static char message[512];
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit no_core = {0, 0};
        (void)setrlimit(RLIMIT_CORE, &no_core);
        (void)dup2(ends[1], STDERR_FILENO);
        act();
        _exit(0);
    }
    (void)close(ends[1]);
    ssize_t count = read(ends[0], message, sizeof message - 1);
    (void)close(ends[0]);
    assert_true(count > 0);
    message[count] = '\0';
    int wait_status = 0;
    assert_int_equal(waitpid(child, &wait_status, 0), child);
    assert_true(WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGABRT);
    return message;
}

static void misuse_aborts_and_names_the_sequence(void **state)
{
    (void)state;
    const char *message = abort_message(take_after_seal);
    assert_non_null(strstr(message, "command sequence 4711"));
    assert_non_null(strstr(message, "arena.c"));
    assert_non_null(strstr(message, "sealed"));
    message = abort_message(take_too_much);
    assert_non_null(strstr(message, "capacity"));
    message = abort_message(take_a_product_that_overflows);
    assert_non_null(strstr(message, "assertion failed"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(measuring_counts_what_taking_uses),
        cmocka_unit_test(a_zeroed_block_is_not_written),
        cmocka_unit_test(misuse_aborts_and_names_the_sequence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
