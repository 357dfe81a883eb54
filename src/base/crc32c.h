/* SPDX-License-Identifier: Apache-2.0
 *
 * CRC-32C (Castagnoli): the check on everything the log keeps. Finds every single-bit flip and
 * every burst of up to 32 bits; not for tampering.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: none. Order of calls: any.
 * Source: RFC 3720 appendix B.4 (polynomial 0x1edc6f41, reflected, inverted in and out).
 */
#ifndef DOJIMA_BASE_CRC32C_H
#define DOJIMA_BASE_CRC32C_H

#include "base/compiler.h"

#include <stddef.h>

/* `crc` is 0, or the result for the bytes before, to go on. */
uint32_t crc32c(uint32_t crc, const void *bytes, size_t count);

/* The same by tables alone: for machines without the instruction, and the oracle in tests. */
uint32_t crc32c_by_table(uint32_t crc, const void *bytes, size_t count);

#endif
