/* SPDX-License-Identifier: Apache-2.0
 *
 * Size and SHA-256 of an input file: what OPEN_SOURCE keeps of it, so that a replay is never gone
 * on with from another file.
 *
 * Owner: the caller. Threads: one. Memory: one buffer for its duration.
 * Errors: as host/stream.h; INTERRUPTED after a signal. Order of calls: any.
 */
#ifndef DOJIMA_APPS_FINGERPRINT_H
#define DOJIMA_APPS_FINGERPRINT_H

#include "wire/native/command.h"

#include "base/status.h"

/* Shows progress on a terminal while it reads. */
MUST_USE enum status fingerprint_file(const char *path, struct command_open_source *out_source);

#endif
