/* SPDX-License-Identifier: Apache-2.0
 *
 * The process behind a disk that loses its power: it answers the kernel (Linux, fuse.h,
 * protocol 7.31) for a file system of one file, which is the device.
 *
 * Owner: power_disk. Threads: one. Memory: what is not flushed yet. Errors: the process ends, and
 * with it the device. Order of calls: power_serve, once, in a process of its own.
 */
#ifndef DOJIMA_TESTS_DOORS_POWER_SERVER_H
#define DOJIMA_TESTS_DOORS_POWER_SERVER_H

#include "base/compiler.h"
#include "doors/power_disk.h"

#include <stdatomic.h>

struct power_shared {
    _Atomic uint64_t cut_at; /* request, counted from 1; 0: none */
    _Atomic uint64_t requests;
    _Atomic uint64_t writes;
    _Atomic uint64_t flushes;
    _Atomic uint64_t pending_bytes;
    _Atomic unsigned fate;
    _Atomic bool dark;
};

/* Answers at `channel` until it is killed, or the file system is unmounted. */
NO_RETURN void power_serve(struct power_disk *disk, int channel);

#endif
