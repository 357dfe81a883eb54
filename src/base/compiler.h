/* SPDX-License-Identifier: Apache-2.0
 *
 * The only place where compiler attributes and extensions are spelt.
 *
 * Owner: nobody, it holds macros only.
 * Threads, Memory, Errors, Order of calls: not applicable.
 */
#ifndef DOJIMA_BASE_COMPILER_H
#define DOJIMA_BASE_COMPILER_H

#include <stdint.h>

#define MUST_USE            __attribute__((warn_unused_result))
#define LIKELY(x)           __builtin_expect(!!(x), 1)
#define UNLIKELY(x)         __builtin_expect(!!(x), 0)
#define ALWAYS_INLINE       __attribute__((always_inline)) inline
#define NEVER_INLINE        __attribute__((noinline))
#define NO_RETURN           __attribute__((noreturn))
#define COLD                __attribute__((cold))
#define PRINTF_LIKE(at, to) __attribute__((format(printf, at, to)))
#define ALIGNED(bytes)      __attribute__((aligned(bytes)))
#define UNUSED              __attribute__((unused))
/* A large local of the hot path that is written before it is read: the release build would
 * otherwise fill it with zeros at each call. */
#define UNINITIALIZED __attribute__((uninitialized))
#define EXPORTED      __attribute__((visibility("default")))
/* Runs `function(&variable)` when the variable leaves its scope: start-up and tool code only. */
#define AT_SCOPE_EXIT(function) __attribute__((cleanup(function)))

/* gcc takes a function that only prefetches for one without effect and drops calls of it when it
 * sees the whole program; the empty statement keeps them. */
#define PREFETCH(address, writes)                                                                  \
    do {                                                                                           \
        __asm__ volatile("");                                                                      \
        __builtin_prefetch((address), (writes), 3);                                                \
    } while (0)

#define PREFETCH_READ(address)  PREFETCH(address, 0)
#define PREFETCH_WRITE(address) PREFETCH(address, 1)

/* Inside a spin: gives the sibling hardware thread its turn. */
#if defined(__x86_64__)
#define CPU_PAUSE() __builtin_ia32_pause()
#else
#define CPU_PAUSE() ((void)0)
#endif

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
