/* SPDX-License-Identifier: Apache-2.0
 *
 * The input file of a replay, opened after everything is checked that can be known before a log is
 * touched: that it is a file, that it fits the options, that no output goes into it.
 *
 * Owner: the replay closes the reader. Threads: one. Memory: the reader's.
 * Errors: USAGE and the reader's own; the reason is said on standard error, the status alone goes
 * on. Order of calls: replay_input_open.
 */
#ifndef DOJIMA_APPS_REPLAY_INPUT_H
#define DOJIMA_APPS_REPLAY_INPUT_H

#include "apps/dojima/replay_settings.h"

/* --tick is read in 10^-9; prices of LOBSTER and ITCH files have four decimals. */
#define REPLAY_INPUT_TICK_UNITS_OF_4 100000

/* The reader is to be closed also after a failure, if there is one. */
MUST_USE enum status replay_input_open(struct replay_settings *settings,
                                       struct flow_reader **out_reader);

#endif
