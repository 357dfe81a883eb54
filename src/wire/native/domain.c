/* SPDX-License-Identifier: Apache-2.0
 * Written by tools/schemagen from schema/: do not edit. */
#include "wire/native/domain.h"

#include <stddef.h>

const char *side_name(unsigned value)
{
    switch (value) {
    case 1:
        return "BUY";
    case 2:
        return "SELL";
    default:
        return NULL;
    }
}

const char *order_type_name(unsigned value)
{
    switch (value) {
    case 1:
        return "LIMIT";
    case 2:
        return "MARKET";
    default:
        return NULL;
    }
}

const char *time_in_force_name(unsigned value)
{
    switch (value) {
    case 1:
        return "DAY";
    case 2:
        return "GTC";
    case 3:
        return "GTD";
    case 4:
        return "IOC";
    case 5:
        return "FOK";
    default:
        return NULL;
    }
}

const char *post_only_name(unsigned value)
{
    switch (value) {
    case 0:
        return "OFF";
    case 1:
        return "REJECT";
    case 2:
        return "SLIDE";
    default:
        return NULL;
    }
}

const char *capacity_name(unsigned value)
{
    switch (value) {
    case 1:
        return "AGENCY";
    case 2:
        return "PRINCIPAL";
    case 3:
        return "RISKLESS_PRINCIPAL";
    default:
        return NULL;
    }
}

const char *place_name(unsigned value)
{
    switch (value) {
    case 1:
        return "KEPT";
    case 2:
        return "LOST";
    default:
        return NULL;
    }
}

const char *reason_name(unsigned value)
{
    switch (value) {
    case 1:
        return "REQUESTED";
    case 2:
        return "IOC_REMAINDER";
    case 3:
        return "FOK_NOT_FILLABLE";
    case 4:
        return "MARKET_REMAINDER";
    case 5:
        return "MATCH_LIMIT";
    case 6:
        return "EXPIRED";
    case 7:
        return "END_OF_DAY";
    case 8:
        return "REPLACED";
    case 9:
        return "REPLAY_RECONCILE";
    case 10:
        return "OFF_BOOK_EXECUTION";
    case 11:
        return "DISCONNECTED";
    case 12:
        return "DEAD_MAN";
    case 13:
        return "MASS_CANCEL";
    case 14:
        return "SELF_TRADE";
    case 15:
        return "MINIMUM_NOT_FILLABLE";
    default:
        return NULL;
    }
}

const char *on_disconnect_name(unsigned value)
{
    switch (value) {
    case 0:
        return "DEFAULT";
    case 1:
        return "KEEP";
    case 2:
        return "CANCEL";
    default:
        return NULL;
    }
}

const char *phase_name(unsigned value)
{
    switch (value) {
    case 1:
        return "OPEN";
    case 2:
        return "HALTED";
    case 3:
        return "CLOSED";
    default:
        return NULL;
    }
}

const char *phase_reason_name(unsigned value)
{
    switch (value) {
    case 1:
        return "SCHEDULED";
    case 2:
        return "OPERATOR";
    case 3:
        return "NEWS";
    case 4:
        return "VOLATILITY";
    case 5:
        return "TECHNICAL";
    default:
        return NULL;
    }
}

const char *session_end_name(unsigned value)
{
    switch (value) {
    case 1:
        return "LOGGED_OUT";
    case 2:
        return "DISCONNECTED";
    case 3:
        return "SILENT";
    case 4:
        return "CUT";
    case 5:
        return "GATEWAY_LOST";
    default:
        return NULL;
    }
}

const char *block_target_name(unsigned value)
{
    switch (value) {
    case 1:
        return "PARTICIPANT";
    case 2:
        return "ACCOUNT";
    case 3:
        return "SESSION";
    default:
        return NULL;
    }
}

const char *admin_kind_name(unsigned value)
{
    switch (value) {
    case 1:
        return "NOTE";
    case 2:
        return "RESERVE";
    case 3:
        return "FILL";
    default:
        return NULL;
    }
}

const char *session_note_name(unsigned value)
{
    switch (value) {
    case 0:
        return "NONE";
    case 1:
        return "VENUE_STOPS";
    case 2:
        return "GATEWAY_STOPS";
    default:
        return NULL;
    }
}

const char *self_trade_name(unsigned value)
{
    switch (value) {
    case 0:
        return "NONE";
    case 1:
        return "CANCEL_NEWEST";
    case 2:
        return "CANCEL_OLDEST";
    case 3:
        return "CANCEL_BOTH";
    case 4:
        return "DECREMENT";
    default:
        return NULL;
    }
}

const char *reject_name(unsigned value)
{
    switch (value) {
    case 1:
        return "UNKNOWN_SESSION";
    case 2:
        return "STALE_INCARNATION";
    case 3:
        return "INPUT_SEQUENCE_NOT_ABOVE_LAST";
    case 4:
        return "COMMAND_EXPIRED";
    case 5:
        return "INVALID_FIELD";
    case 6:
        return "INCOMPATIBLE_FIELDS";
    case 7:
        return "UNKNOWN_ACCOUNT";
    case 8:
        return "ACCOUNT_NOT_OF_PARTICIPANT";
    case 9:
        return "UNKNOWN_INSTRUMENT";
    case 10:
        return "DUPLICATE_ORDER_ID";
    case 11:
        return "UNKNOWN_ORDER";
    case 12:
        return "PRICE_NOT_ON_TICK";
    case 13:
        return "PRICE_OUT_OF_RANGE";
    case 14:
        return "QUANTITY_NOT_POSITIVE";
    case 15:
        return "QUANTITY_NOT_ON_LOT";
    case 16:
        return "QUANTITY_TOO_LARGE";
    case 17:
        return "QUANTITY_ABOVE_OPEN";
    case 18:
        return "QUANTITY_NOT_ABOVE_EXECUTED";
    case 19:
        return "NOTIONAL_OVERFLOW";
    case 20:
        return "POST_ONLY_WOULD_TRADE";
    case 21:
        return "EXPIRY_NOT_IN_FUTURE";
    case 22:
        return "ORDER_POOL_FULL";
    case 23:
        return "LEVEL_POOL_FULL";
    case 24:
        return "ALREADY_EXISTS";
    case 25:
        return "TABLE_FULL";
    case 26:
        return "UNKNOWN_ASSET";
    case 27:
        return "NOTIONAL_NOT_EXACT";
    case 28:
        return "TRADING_DAY_NOT_LATER";
    case 29:
        return "INCARNATION_NOT_ABOVE_LAST";
    case 30:
        return "BALANCE_TOO_SMALL";
    case 31:
        return "INSTRUMENT_HALTED";
    case 32:
        return "INSTRUMENT_CLOSED";
    case 33:
        return "BLOCKED";
    case 34:
        return "RATE_LIMITED";
    case 35:
        return "OPERATOR_ONLY";
    case 36:
        return "VALID_FOR_TOO_LONG";
    case 37:
        return "UNKNOWN_PARTICIPANT";
    case 38:
        return "MASS_CANCEL_UNDER_WAY";
    case 39:
        return "NAME_FENCED";
    case 40:
        return "NAME_TABLE_FULL";
    case 41:
        return "RESEND_OFF";
    case 42:
        return "RESERVE_HELD";
    case 43:
        return "RESERVE_TOO_SMALL";
    case 44:
        return "LOG_NEARLY_FULL";
    case 45:
        return "LOGIC_NOT_LATER";
    case 46:
        return "LOGIC_UNKNOWN";
    case 47:
        return "MINIMUM_OUT_OF_RANGE";
    case 48:
        return "LATER_RULES";
    default:
        return NULL;
    }
}

const char *reject_cause(unsigned value)
{
    switch (value) {
    case 1:
        return "the command's session was never opened";
    case 2:
        return "the session has been opened again since; this sender is fenced";
    case 3:
        return "the session's input sequence was used already";
    case 4:
        return "log time is past the command's valid_until";
    case 5:
        return "a field holds a value outside its set";
    case 6:
        return "two fields contradict each other";
    case 7:
        return "no such account";
    case 8:
        return "the account belongs to another participant than the session";
    case 9:
        return "no such instrument";
    case 10:
        return "the account has a live order with this client order id";
    case 11:
        return "the account has no live order with this client order id";
    case 12:
        return "the price is no multiple of the tick in `limit`";
    case 13:
        return "the price is outside the instrument's range, or none";
    case 14:
        return "the quantity is zero or negative";
    case 15:
        return "the quantity is no multiple of the lot size in `limit`";
    case 16:
        return "the quantity is above the instrument's largest in `limit`";
    case 17:
        return "a reduction larger than the open quantity in `limit`";
    case 18:
        return "a replacement's total is not above what was executed, in `limit`";
    case 19:
        return "price x quantity x multiplier does not fit 64 bits";
    case 20:
        return "a post-only order would have traded at the price in `limit`";
    case 21:
        return "the expiry time is not after log time";
    case 22:
        return "the venue holds as many live orders as it was started for, in `limit`";
    case 23:
        return "the venue holds as many price levels as it was started for, in `limit`";
    case 24:
        return "an asset, instrument or account with this number, or a venue, exists already";
    case 25:
        return "the table of assets, instruments, accounts, sessions or self-trade groups is full, "
               "in `limit`";
    case 26:
        return "no such asset";
    case 27:
        return "price unit x lot x multiplier is no whole number of quote minor units";
    case 28:
        return "the trading day is not after the one that ended last, in `limit`";
    case 29:
        return "a logon must raise the session's incarnation above the one in `limit`";
    case 30:
        return "the account's available balance in `limit` does not cover the order";
    case 31:
        return "the instrument is halted";
    case 32:
        return "the instrument is closed";
    case 33:
        return "a kill switch is on: for the participant (`value` 1), the account (2) or the "
               "session (3)";
    case 34:
        return "the session has used up its rate";
    case 35:
        return "only the operator may do this";
    case 36:
        return "valid_for_us is above `limit`: a command may be valid for 60 s";
    case 37:
        return "no account belongs to this participant";
    case 38:
        return "the last mass cancel of this sender has not reached its end; its tag is in `limit`";
    case 39:
        return "a RESOLVE found this client order id unused and closed it";
    case 40:
        return "the venue remembers as many client order ids as it was started for, in `limit`";
    case 41:
        return "this venue remembers live client order ids alone";
    case 42:
        return "the session holds a reserve of `limit` numbers already";
    case 43:
        return "the session's reserve is `limit` numbers, 0 for none: fewer than are said to be "
               "used";
    case 44:
        return "the disk of the venue's log has little room left";
    case 45:
        return "the venue works by these rules already, or by later ones; older rules do not come "
               "back";
    case 46:
        return "this release does not know rules so new";
    case 47:
        return "a minimum quantity is at least 1 and at most the order's quantity, `limit`";
    case 48:
        return "the venue still works by rules that do not have this kind of command, or a field "
               "that it uses";
    default:
        return NULL;
    }
}

const char *reject_remedy(unsigned value)
{
    switch (value) {
    case 1:
        return "log on first";
    case 2:
        return "log on again and send with the new incarnation";
    case 3:
        return "send with the next input sequence";
    case 4:
        return "send it again with a later valid_until if it is still wanted";
    case 5:
        return "correct the field named in `value`: its number in the message, from 1";
    case 6:
        return "correct order type, time in force, post-only and expiry";
    case 7:
        return "open the account or correct its number";
    case 8:
        return "use an account of your own participant";
    case 9:
        return "list the instrument or correct its number";
    case 10:
        return "use a new client order id";
    case 11:
        return "it was filled, cancelled, expired or never entered: ask for its state";
    case 12:
        return "round the price to the tick";
    case 13:
        return "use a price between the instrument's lowest and highest";
    case 14:
        return "use a quantity of at least one lot";
    case 15:
        return "round the quantity to the lot size";
    case 16:
        return "split the order";
    case 17:
        return "reduce by less, or cancel";
    case 18:
        return "ask for a larger total, or cancel";
    case 19:
        return "use a smaller quantity";
    case 20:
        return "use a price behind the best opposite one";
    case 21:
        return "use a later expiry";
    case 22:
        return "try later; cancels still pass";
    case 23:
        return "try later or at a price that is in the book";
    case 24:
        return "use another number";
    case 25:
        return "start the venue with larger limits";
    case 26:
        return "list the asset first";
    case 27:
        return "choose scales, lot or multiplier so that every notional is exact";
    case 28:
        return "name the day that ends now";
    case 29:
        return "log on with the next incarnation";
    case 30:
        return "deposit first, or use a smaller order; until the ledger lands only unlimited "
               "accounts can trade";
    case 31:
        return "wait for its PHASE; cancels and reductions pass";
    case 32:
        return "wait for its next opening; cancels and reductions pass";
    case 33:
        return "ask the operator; cancels and reductions pass";
    case 34:
        return "send it again after `limit` us; the client order id is unused";
    case 35:
        return "ask the operator";
    case 36:
        return "use a shorter one";
    case 37:
        return "correct its number";
    case 38:
        return "wait for MASS_CANCELLED";
    case 39:
        return "use a new client order id";
    case 40:
        return "try later; cancels still pass";
    case 41:
        return "start the venue with max_recent_names";
    case 42:
        return "fill that one first";
    case 43:
        return "say how many of it were used";
    case 44:
        return "try later, the client order id is unused; cancels and reductions pass";
    case 45:
        return "ask for a later version";
    case 46:
        return "upgrade first";
    case 47:
        return "lower it, or leave it out";
    case 48:
        return "leave the field out; or the operator applies the newer rules: versions.md";
    default:
        return NULL;
    }
}
