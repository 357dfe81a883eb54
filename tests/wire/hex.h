/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes written as pairs of lower-case hexadecimal digits.
 *
 * Owner: nobody. Threads: any. Memory: the caller's bytes. Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_TESTS_WIRE_HEX_H
#define DOJIMA_TESTS_WIRE_HEX_H

#include <stddef.h>
#include <stdint.h>

/* Pairs of digits up to anything else; returns the number of bytes. */
size_t hex_decode(const char *hex, uint8_t *out);

#endif
