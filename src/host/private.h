/* SPDX-License-Identifier: Apache-2.0
 *
 * Files that nobody else may read: secrets in the data directory.
 *
 * Owner: the caller. Threads: any. Memory: none. Errors: NOT_FOUND; DENIED: it belongs to somebody
 * else, others may read or write it, or it is a link. Order of calls: any.
 */
#ifndef DOJIMA_HOST_PRIVATE_H
#define DOJIMA_HOST_PRIVATE_H

#include "base/status.h"

/* Mode 0600 for a file, 0700 for a directory. */
MUST_USE enum status host_private_restrict(const char *path);

/* OK when it is a file or directory of this user (or of root) that has no bits for others. */
MUST_USE enum status host_private_check(const char *path, unsigned *out_mode);

#endif
