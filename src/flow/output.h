/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing a file of order flow from its first byte to its last, plain or as gzip: the other end of
 * flow/input.h. The same bytes give the same gzip file: it holds no name and no time.
 *
 * Owner: the caller closes what it opened. Threads: one. Memory: a buffer of 1 MiB and the
 * compressor's. Errors: IO, from any call; the file is then of no use.
 * Order of calls: output_open, output_write..., output_close, which tells of writes held back.
 */
#ifndef DOJIMA_FLOW_OUTPUT_H
#define DOJIMA_FLOW_OUTPUT_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct output;

/* Makes the file, or empties the one that is there. */
MUST_USE enum status output_open(const char *path, bool gzip, struct output **out_output);
MUST_USE enum status output_write(struct output *output, const void *bytes, size_t count);

/* Null is accepted. */
MUST_USE enum status output_close(struct output *output);

/* Whether a path ends in ".gz". */
bool output_wants_gzip(const char *path);

#endif
