/* SPDX-License-Identifier: Apache-2.0
 *
 * The allocation hook: the C library's allocator under its own names, counted. A definition in the
 * program comes before the library's, so calls from every room and every library pass through here.
 */
#include "bench/measure.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);

static _Atomic uint64_t allocations;

static void count_one(void)
{
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
}

uint64_t measure_allocations(void)
{
    return atomic_load_explicit(&allocations, memory_order_relaxed);
}

/* The library's header calls the parameters by names that are reserved to it.
 * NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
void *malloc(size_t bytes)
{
    count_one();
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    count_one();
    return __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes)
{
    count_one();
    return __libc_realloc(old, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    count_one();
    return __libc_memalign(alignment, bytes);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
