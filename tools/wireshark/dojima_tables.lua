-- SPDX-License-Identifier: Apache-2.0
-- Written by tools/schemagen from schema/*.def and src/wire/*/*.def: do not edit.
-- What tools/wireshark/dojima.lua dissects.
local function at(name, offset, bytes, kind, set)
  return { name = name, offset = offset, bytes = bytes, kind = kind, set = set }
end
local function of(name, kind, bytes, set, since)
  return { name = name, kind = kind, bytes = bytes, set = set, since = since or 1 }
end
return {
  ouch_in = {
    ["O"] = { name = "enter_order", bytes = 45, appendage = "REQUIRED", fields = {
      at("user_ref_num", 1, 4, "number"), at("side", 5, 1, "letter", "side"),
      at("quantity", 6, 4, "number"), at("symbol", 10, 8, "text"), at("price", 18, 8, "price"),
      at("time_in_force", 26, 1, "letter", "time_in_force"),
      at("display", 27, 1, "letter", "display"), at("capacity", 28, 1, "letter", "capacity"),
      at("sweep", 29, 1, "letter", "sweep"), at("cross_type", 30, 1, "letter", "cross_type"),
      at("client_order_id", 31, 14, "text"),
    } },
    ["U"] = { name = "replace_order", bytes = 38, appendage = "REQUIRED", fields = {
      at("orig_user_ref_num", 1, 4, "number"), at("user_ref_num", 5, 4, "number"),
      at("quantity", 9, 4, "number"), at("price", 13, 8, "price"),
      at("time_in_force", 21, 1, "letter", "time_in_force"),
      at("display", 22, 1, "letter", "display"), at("sweep", 23, 1, "letter", "sweep"),
      at("client_order_id", 24, 14, "text"),
    } },
    ["X"] = { name = "cancel_order", bytes = 9, appendage = "OPTIONAL", fields = {
      at("user_ref_num", 1, 4, "number"), at("quantity", 5, 4, "number"),
    } },
    ["M"] = { name = "modify_order", bytes = 10, appendage = "OPTIONAL", fields = {
      at("user_ref_num", 1, 4, "number"), at("side", 5, 1, "letter", "side"),
      at("quantity", 6, 4, "number"),
    } },
    ["C"] = { name = "mass_cancel", bytes = 17, appendage = "REQUIRED", fields = {
      at("user_ref_num", 1, 4, "number"), at("firm", 5, 4, "text"), at("symbol", 9, 8, "text"),
    } },
    ["D"] = { name = "disable_order_entry", bytes = 9, appendage = "REQUIRED", fields = {
      at("user_ref_num", 1, 4, "number"), at("firm", 5, 4, "text"),
    } },
    ["E"] = { name = "enable_order_entry", bytes = 9, appendage = "REQUIRED", fields = {
      at("user_ref_num", 1, 4, "number"), at("firm", 5, 4, "text"),
    } },
    ["Q"] = { name = "account_query", bytes = 1, appendage = "OPTIONAL", fields = {
    } },
  },
  ouch_out = {
    ["S"] = { name = "system_event", bytes = 10, appendage = "NONE", fields = {
      at("time_ns", 1, 8, "number"), at("event_code", 9, 1, "letter", "event_code"),
    } },
    ["A"] = { name = "order_accepted", bytes = 62, appendage = "REQUIRED", fields = {
      at("time_ns", 1, 8, "number"), at("user_ref_num", 9, 4, "number"),
      at("side", 13, 1, "letter", "side"), at("quantity", 14, 4, "number"),
      at("symbol", 18, 8, "text"), at("price", 26, 8, "price"),
      at("time_in_force", 34, 1, "letter", "time_in_force"),
      at("display", 35, 1, "letter", "display"), at("order_reference", 36, 8, "number"),
      at("capacity", 44, 1, "letter", "capacity"), at("sweep", 45, 1, "letter", "sweep"),
      at("cross_type", 46, 1, "letter", "cross_type"),
      at("order_state", 47, 1, "letter", "order_state"), at("client_order_id", 48, 14, "text"),
    } },
    ["U"] = { name = "order_replaced", bytes = 66, appendage = "REQUIRED", fields = {
      at("time_ns", 1, 8, "number"), at("orig_user_ref_num", 9, 4, "number"),
      at("user_ref_num", 13, 4, "number"), at("side", 17, 1, "letter", "side"),
      at("quantity", 18, 4, "number"), at("symbol", 22, 8, "text"), at("price", 30, 8, "price"),
      at("time_in_force", 38, 1, "letter", "time_in_force"),
      at("display", 39, 1, "letter", "display"), at("order_reference", 40, 8, "number"),
      at("capacity", 48, 1, "letter", "capacity"), at("sweep", 49, 1, "letter", "sweep"),
      at("cross_type", 50, 1, "letter", "cross_type"),
      at("order_state", 51, 1, "letter", "order_state"), at("client_order_id", 52, 14, "text"),
    } },
    ["C"] = { name = "order_canceled", bytes = 18, appendage = "OPTIONAL", fields = {
      at("time_ns", 1, 8, "number"), at("user_ref_num", 9, 4, "number"),
      at("quantity", 13, 4, "number"), at("reason", 17, 1, "letter", "cancel_reason"),
    } },
    ["D"] = { name = "aiq_canceled", bytes = 32, appendage = "OPTIONAL", fields = {
      at("time_ns", 1, 8, "number"), at("user_ref_num", 9, 4, "number"),
      at("decrement_shares", 13, 4, "number"), at("reason", 17, 1, "letter", "cancel_reason"),
      at("quantity_prevented", 18, 4, "number"), at("execution_price", 22, 8, "price"),
      at("liquidity", 30, 1, "letter", "liquidity"), at("aiq_strategy", 31, 1, "letter"),
    } },
    ["E"] = { name = "order_executed", bytes = 34, appendage = "REQUIRED", fields = {
      at("time_ns", 1, 8, "number"), at("user_ref_num", 9, 4, "number"),
      at("quantity", 13, 4, "number"), at("price", 17, 8, "price"),
      at("liquidity", 25, 1, "letter", "liquidity"), at("match_number", 26, 8, "number"),
    } },
    ["B"] = { name = "broken_trade", bytes = 36, appendage = "OPTIONAL", fields = {
      at("time_ns", 1, 8, "number"), at("user_ref_num", 9, 4, "number"),
      at("match_number", 13, 8, "number"), at("reason", 21, 1, "letter", "broken_reason"),
      at("client_order_id", 22, 14, "text"),
    } },
    ["J"] = { name = "order_rejected", bytes = 29, appendage = "OPTIONAL", fields = {
      at("time_ns", 1, 8, "number"), at("user_ref_num", 9, 4, "number"),
      at("reason", 13, 2, "number", "reject"), at("client_order_id", 15, 14, "text"),
    } },
    ["P"] = { name = "cancel_pending", bytes = 13, appendage = "OPTIONAL", fields = {
      at("time_ns", 1, 8, "number"), at("user_ref_num", 9, 4, "number"),
    } },
    ["I"] = { name = "cancel_reject", bytes = 13, appendage = "OPTIONAL", fields = {
      at("time_ns", 1, 8, "number"), at("user_ref_num", 9, 4, "number"),
    } },
    ["T"] = { name = "priority_update", bytes = 30, appendage = "OPTIONAL", fields = {
      at("time_ns", 1, 8, "number"), at("user_ref_num", 9, 4, "number"),
      at("price", 13, 8, "price"), at("display", 21, 1, "letter", "display"),
      at("order_reference", 22, 8, "number"),
    } },
    ["M"] = { name = "order_modified", bytes = 18, appendage = "OPTIONAL", fields = {
      at("time_ns", 1, 8, "number"), at("user_ref_num", 9, 4, "number"),
      at("side", 13, 1, "letter", "side"), at("quantity", 14, 4, "number"),
    } },
    ["R"] = { name = "order_restated", bytes = 14, appendage = "REQUIRED", fields = {
      at("time_ns", 1, 8, "number"), at("user_ref_num", 9, 4, "number"),
      at("reason", 13, 1, "letter", "restated_reason"),
    } },
    ["X"] = { name = "mass_cancel_response", bytes = 25, appendage = "REQUIRED", fields = {
      at("time_ns", 1, 8, "number"), at("user_ref_num", 9, 4, "number"), at("firm", 13, 4, "text"),
      at("symbol", 17, 8, "text"),
    } },
    ["G"] = { name = "disable_response", bytes = 17, appendage = "REQUIRED", fields = {
      at("time_ns", 1, 8, "number"), at("user_ref_num", 9, 4, "number"), at("firm", 13, 4, "text"),
    } },
    ["K"] = { name = "enable_response", bytes = 17, appendage = "REQUIRED", fields = {
      at("time_ns", 1, 8, "number"), at("user_ref_num", 9, 4, "number"), at("firm", 13, 4, "text"),
    } },
    ["Q"] = { name = "account_query_response", bytes = 13, appendage = "OPTIONAL", fields = {
      at("time_ns", 1, 8, "number"), at("next_user_ref_num", 9, 4, "number"),
    } },
  },
  itch = {
    ["S"] = { name = "system_event", bytes = 12, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("event_code", 11, 1, "letter"),
    } },
    ["R"] = { name = "stock_directory", bytes = 39, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("stock", 11, 8, "text"), at("market_category", 19, 1, "letter"),
      at("financial_status", 20, 1, "letter"), at("round_lot_size", 21, 4, "number"),
      at("round_lots_only", 25, 1, "letter"), at("issue_classification", 26, 1, "letter"),
      at("issue_subtype", 27, 2, "text"), at("authenticity", 29, 1, "letter"),
      at("short_sale_threshold", 30, 1, "letter"), at("ipo_flag", 31, 1, "letter"),
      at("luld_tier", 32, 1, "letter"), at("etp_flag", 33, 1, "letter"),
      at("etp_leverage", 34, 4, "number"), at("inverse", 38, 1, "letter"),
    } },
    ["H"] = { name = "trading_action", bytes = 25, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("stock", 11, 8, "text"), at("trading_state", 19, 1, "letter"),
      at("reserved", 20, 1, "letter"), at("reason", 21, 4, "text"),
    } },
    ["Y"] = { name = "reg_sho", bytes = 20, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("stock", 11, 8, "text"), at("action", 19, 1, "letter"),
    } },
    ["L"] = { name = "participant_position", bytes = 26, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("mpid", 11, 4, "text"), at("stock", 15, 8, "text"), at("primary", 23, 1, "letter"),
      at("mode", 24, 1, "letter"), at("state", 25, 1, "letter"),
    } },
    ["V"] = { name = "breaker_levels", bytes = 35, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("level1", 11, 8, "price8"), at("level2", 19, 8, "price8"), at("level3", 27, 8, "price8"),
    } },
    ["W"] = { name = "breaker_status", bytes = 12, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("level", 11, 1, "letter"),
    } },
    ["K"] = { name = "ipo_quoting", bytes = 28, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("stock", 11, 8, "text"), at("release_time_s", 19, 4, "number"),
      at("release_qualifier", 23, 1, "letter"), at("ipo_price", 24, 4, "price"),
    } },
    ["J"] = { name = "auction_collar", bytes = 35, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("stock", 11, 8, "text"), at("reference_price", 19, 4, "price"),
      at("upper_price", 23, 4, "price"), at("lower_price", 27, 4, "price"),
      at("extension", 31, 4, "number"),
    } },
    ["h"] = { name = "operational_halt", bytes = 21, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("stock", 11, 8, "text"), at("market_code", 19, 1, "letter"), at("action", 20, 1, "letter"),
    } },
    ["A"] = { name = "add_order", bytes = 36, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("order", 11, 8, "number"), at("side", 19, 1, "letter"), at("shares", 20, 4, "number"),
      at("stock", 24, 8, "text"), at("price", 32, 4, "price"),
    } },
    ["F"] = { name = "add_order_mpid", bytes = 40, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("order", 11, 8, "number"), at("side", 19, 1, "letter"), at("shares", 20, 4, "number"),
      at("stock", 24, 8, "text"), at("price", 32, 4, "price"), at("mpid", 36, 4, "text"),
    } },
    ["E"] = { name = "order_executed", bytes = 31, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("order", 11, 8, "number"), at("shares", 19, 4, "number"), at("match", 23, 8, "number"),
    } },
    ["C"] = { name = "order_executed_priced", bytes = 36, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("order", 11, 8, "number"), at("shares", 19, 4, "number"), at("match", 23, 8, "number"),
      at("printable", 31, 1, "letter"), at("price", 32, 4, "price"),
    } },
    ["X"] = { name = "order_cancel", bytes = 23, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("order", 11, 8, "number"), at("shares", 19, 4, "number"),
    } },
    ["D"] = { name = "order_delete", bytes = 19, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("order", 11, 8, "number"),
    } },
    ["U"] = { name = "order_replace", bytes = 35, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("order", 11, 8, "number"), at("new_order", 19, 8, "number"), at("shares", 27, 4, "number"),
      at("price", 31, 4, "price"),
    } },
    ["P"] = { name = "trade", bytes = 44, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("order", 11, 8, "number"), at("side", 19, 1, "letter"), at("shares", 20, 4, "number"),
      at("stock", 24, 8, "text"), at("price", 32, 4, "price"), at("match", 36, 8, "number"),
    } },
    ["Q"] = { name = "cross_trade", bytes = 40, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("shares", 11, 8, "number"), at("stock", 19, 8, "text"), at("price", 27, 4, "price"),
      at("match", 31, 8, "number"), at("cross_type", 39, 1, "letter"),
    } },
    ["B"] = { name = "broken_trade", bytes = 19, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("match", 11, 8, "number"),
    } },
    ["I"] = { name = "imbalance", bytes = 50, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("paired_shares", 11, 8, "number"), at("imbalance_shares", 19, 8, "number"),
      at("direction", 27, 1, "letter"), at("stock", 28, 8, "text"), at("far_price", 36, 4, "price"),
      at("near_price", 40, 4, "price"), at("reference_price", 44, 4, "price"),
      at("cross_type", 48, 1, "letter"), at("price_variation", 49, 1, "letter"),
    } },
    ["N"] = { name = "retail_interest", bytes = 20, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("stock", 11, 8, "text"), at("interest", 19, 1, "letter"),
    } },
    ["O"] = { name = "direct_listing", bytes = 48, appendage = "NONE", fields = {
      at("locate", 1, 2, "number"), at("tracking", 3, 2, "number"), at("time_ns", 5, 6, "number"),
      at("stock", 11, 8, "text"), at("open_eligibility", 19, 1, "letter"),
      at("minimum_price", 20, 4, "price"), at("maximum_price", 24, 4, "price"),
      at("near_price", 28, 4, "price"), at("near_time_ns", 32, 8, "number"),
      at("lower_price", 40, 4, "price"), at("upper_price", 44, 4, "price"),
    } },
  },
  sets = {
    side = {
      ["B"] = "buy",
      ["S"] = "sell",
      ["T"] = "sell short",
      ["E"] = "sell short, exempt",
    },
    time_in_force = {
      ["0"] = "the day",
      ["3"] = "at once or not at all",
      ["5"] = "extended hours",
      ["6"] = "until the time in the appendage",
      ["E"] = "after hours",
    },
    display = {
      ["Y"] = "visible",
      ["N"] = "hidden",
      ["A"] = "visible with its firm",
      ["Z"] = "conformant",
    },
    capacity = {
      ["A"] = "a client",
      ["P"] = "itself",
      ["R"] = "riskless principal",
      ["O"] = "other",
    },
    sweep = {
      ["Y"] = "part of a sweep",
      ["N"] = "not part of a sweep",
    },
    cross_type = {
      ["N"] = "none: continuous market",
      ["O"] = "opening",
      ["C"] = "closing",
      ["H"] = "after a halt, or an initial offering",
      ["S"] = "supplemental",
      ["R"] = "retail",
      ["E"] = "extended life",
      ["A"] = "after-hours close",
    },
    order_state = {
      ["L"] = "live",
      ["D"] = "done at once",
    },
    event_code = {
      ["S"] = "start of day",
      ["E"] = "end of day",
      ["V"] = "the venue stops",
      ["G"] = "this gateway stops, the venue goes on",
      ["N"] = "a number for which OUCH has no message",
    },
    cancel_reason = {
      ["U"] = "asked for",
      ["I"] = "immediate-or-cancel: the rest found no match",
      ["T"] = "its time was over",
      ["S"] = "by the venue's staff",
      ["D"] = "regulatory restriction",
      ["Q"] = "would have met an order of its own",
      ["Z"] = "by the system",
      ["C"] = "the cross took place without it",
      ["K"] = "market collar: it cannot be executed",
      ["H"] = "trading is halted",
      ["X"] = "open protection",
      ["E"] = "the market is closed",
      ["F"] = "post-only, would have locked or crossed",
      ["G"] = "post-only, the other side is displayed",
      ["e"] = "direct listing: more than the shares allowed",
    },
    liquidity = {
      ["A"] = "added",
      ["R"] = "removed",
      ["C"] = "closing cross",
      ["e"] = "added, retail designated",
      ["H"] = "halt or offering cross",
      ["i"] = "after-hours close",
      ["J"] = "added, not displayed",
      ["j"] = "added by a retail price improvement order",
      ["k"] = "added at the midpoint",
      ["K"] = "halt cross",
      ["L"] = "closing cross",
      ["M"] = "opening cross",
      ["m"] = "removed at the midpoint",
      ["N"] = "midpoint, passive",
      ["n"] = "midpoint extended life",
      ["O"] = "opening cross",
      ["p"] = "removed price-improving hidden liquidity",
      ["q"] = "retail order removed midpoint liquidity",
      ["r"] = "retail order removed retail price improvement liquidity",
      ["t"] = "retail order removed hidden liquidity",
      ["0"] = "supplemental order",
      ["7"] = "added, improves the best price",
      ["8"] = "added, sets the venue's best price",
    },
    broken_reason = {
      ["E"] = "erroneous",
      ["C"] = "both sides agreed",
      ["S"] = "by the venue's staff",
      ["X"] = "by another party",
    },
    restated_reason = {
      ["R"] = "the displayed part was refreshed",
      ["P"] = "the displayed price was updated",
    },
    reject = {
      [1] = "quote unavailable",
      [2] = "the market is closed",
      [3] = "invalid display",
      [4] = "invalid maximum floor",
      [5] = "invalid price type",
      [6] = "price or size out of bounds",
      [7] = "trading is halted",
      [8] = "sweep not allowed",
      [9] = "invalid side",
      [10] = "processing error",
      [11] = "a cancel is pending",
      [12] = "the firm is not authorized",
      [13] = "invalid minimum quantity",
      [14] = "no closing reference price",
      [15] = "other",
      [16] = "cancel not allowed",
      [17] = "pegging not allowed",
      [18] = "the market is crossed",
      [19] = "invalid quantity",
      [20] = "invalid cross order",
      [21] = "replace not allowed",
      [22] = "routing not allowed",
      [23] = "invalid symbol",
      [24] = "test",
      [25] = "late limit-on-close price too aggressive",
      [26] = "retail not allowed",
      [27] = "invalid price of a midpoint post-only order",
      [28] = "invalid destination",
      [29] = "invalid price",
      [30] = "too many shares",
      [31] = "more than the largest value allowed",
      [32] = "risk: aggregate exposure",
      [33] = "risk: market impact",
      [34] = "risk: restricted symbol",
      [35] = "risk: short sale restricted",
      [36] = "risk: order type restricted",
      [37] = "risk: share of the daily volume",
      [38] = "risk: price or size out of bounds",
      [39] = "risk: locate required",
      [40] = "risk: message rate of the symbol",
      [41] = "risk: message rate of the session",
      [42] = "risk: rate of equal messages",
      [43] = "risk: short sale not allowed",
      [44] = "risk: market order not allowed",
      [45] = "risk: not before the market opens",
      [46] = "risk: not after the market closes",
      [47] = "risk: short sale exemption not allowed",
      [48] = "risk: value of the order",
      [49] = "risk: quantity of the order",
      [50] = "short sale state not available",
      [64] = "invalid self-match strategy",
    },
  },
  tags = {
    [1] = { name = "SECONDARY_REFERENCE", kind = "NUMBER", bytes = 8 },
    [2] = { name = "FIRM", kind = "TEXT", bytes = 4 },
    [3] = { name = "MIN_QUANTITY", kind = "NUMBER", bytes = 4 },
    [4] = { name = "CUSTOMER_TYPE", kind = "LETTER", bytes = 1 },
    [5] = { name = "MAX_FLOOR", kind = "NUMBER", bytes = 4 },
    [6] = { name = "PRICE_TYPE", kind = "LETTER", bytes = 1 },
    [7] = { name = "PEG_OFFSET", kind = "OFFSET", bytes = 4 },
    [9] = { name = "DISCRETION_PRICE", kind = "PRICE", bytes = 8 },
    [10] = { name = "DISCRETION_PRICE_TYPE", kind = "LETTER", bytes = 1 },
    [11] = { name = "DISCRETION_PEG_OFFSET", kind = "OFFSET", bytes = 4 },
    [12] = { name = "POST_ONLY", kind = "LETTER", bytes = 1 },
    [13] = { name = "RANDOM_RESERVES", kind = "NUMBER", bytes = 4 },
    [14] = { name = "ROUTE", kind = "TEXT", bytes = 4 },
    [15] = { name = "EXPIRE_TIME", kind = "NUMBER", bytes = 4 },
    [16] = { name = "TRADE_NOW", kind = "LETTER", bytes = 1 },
    [17] = { name = "HANDLE_INST", kind = "LETTER", bytes = 1 },
    [18] = { name = "BBO_WEIGHT", kind = "LETTER", bytes = 1 },
    [19] = { name = "REFERENCE_PRICE", kind = "PRICE", bytes = 8 },
    [20] = { name = "REFERENCE_PRICE_TYPE", kind = "LETTER", bytes = 1 },
    [22] = { name = "DISPLAY_QUANTITY", kind = "NUMBER", bytes = 4 },
    [23] = { name = "DISPLAY_PRICE", kind = "PRICE", bytes = 8 },
    [24] = { name = "GROUP_ID", kind = "NUMBER", bytes = 2 },
    [25] = { name = "SHARES_LOCATED", kind = "LETTER", bytes = 1 },
    [26] = { name = "LOCATE_BROKER", kind = "TEXT", bytes = 4 },
    [27] = { name = "SIDE", kind = "LETTER", bytes = 1 },
    [28] = { name = "USER_REF_IDX", kind = "NUMBER", bytes = 1 },
    [29] = { name = "AIQ_STRATEGY", kind = "LETTER", bytes = 1 },
    [30] = { name = "AIQ_GROUP_ID", kind = "TEXT", bytes = 2 },
  },
  schema_id = 1697,
  not_sequenced = 2000,
  native = {
    [1] = { name = "genesis", family = "command", blocks = { 56 }, fields = {
      of("shard", "U16", 2), of("logic_version", "U16", 2), of("max_assets", "U32", 4),
      of("max_instruments", "U32", 4), of("max_accounts", "U32", 4), of("max_sessions", "U32", 4),
      of("max_orders", "U32", 4), of("max_levels", "U32", 4),
      of("max_events_per_command", "U32", 4), of("max_timers_per_command", "U32", 4),
      of("max_recent_names", "U32", 4), of("resend_window_s", "U32", 4),
    } },
    [2] = { name = "list_asset", family = "command", blocks = { 33 }, fields = {
      of("asset", "U32", 4), of("scale", "U8", 1), of("code", "CHARS16", 16),
    } },
    [3] = { name = "list_instrument", family = "command", blocks = { 92 }, fields = {
      of("instrument", "U32", 4), of("base_asset", "U32", 4), of("quote_asset", "U32", 4),
      of("price_scale", "U8", 1), of("quantity_scale", "U8", 1), of("negative_prices", "U8", 1),
      of("itch", "U8", 1), of("tick", "PRICE", 8), of("lowest_price", "PRICE", 8),
      of("highest_price", "PRICE", 8), of("lot", "QUANTITY", 8),
      of("largest_quantity", "QUANTITY", 8), of("multiplier", "I64", 8),
      of("symbol", "CHARS16", 16),
    } },
    [4] = { name = "open_account", family = "command", blocks = { 29 }, fields = {
      of("account", "U64", 8), of("participant", "U32", 4), of("self_trade_group", "U32", 4),
      of("unlimited", "U8", 1),
    } },
    [5] = { name = "logon", family = "command", blocks = { 37 }, fields = {
      of("participant", "U32", 4), of("user", "U32", 4), of("orders_per_s", "U32", 4),
      of("orders_burst", "U32", 4), of("cancels_per_s", "U32", 4), of("cancels_burst", "U32", 4),
      of("cancel_on_disconnect", "U8", 1),
    } },
    [6] = { name = "tick", family = "command", blocks = { 12 }, fields = {
    } },
    [7] = { name = "end_of_day", family = "command", blocks = { 16 }, fields = {
      of("trading_day", "U32", 4),
    } },
    [8] = { name = "new_order", family = "command", blocks = { 58, 66 }, fields = {
      of("account", "U64", 8), of("price", "PRICE", 8), of("quantity", "QUANTITY", 8),
      of("expire_time", "TIME", 8), of("instrument", "U32", 4), of("self_trade_group", "U32", 4),
      of("side", "ENUM", 1, "side"), of("order_type", "ENUM", 1, "order_type"),
      of("time_in_force", "ENUM", 1, "time_in_force"), of("post_only", "ENUM", 1, "post_only"),
      of("capacity", "ENUM", 1, "capacity"), of("on_disconnect", "ENUM", 1, "on_disconnect"),
      of("minimum_quantity", "QUANTITY", 8, nil, 2), of("client_order_id", "TEXT", 0),
    } },
    [9] = { name = "cancel", family = "command", blocks = { 20 }, fields = {
      of("account", "U64", 8), of("client_order_id", "TEXT", 0),
    } },
    [10] = { name = "reduce", family = "command", blocks = { 29 }, fields = {
      of("account", "U64", 8), of("quantity", "QUANTITY", 8), of("reason", "ENUM", 1, "reason"),
      of("client_order_id", "TEXT", 0),
    } },
    [11] = { name = "replace", family = "command", blocks = { 36 }, fields = {
      of("account", "U64", 8), of("price", "PRICE", 8), of("quantity", "QUANTITY", 8),
      of("client_order_id", "TEXT", 0), of("new_client_order_id", "TEXT", 0),
    } },
    [12] = { name = "open_source", family = "command", blocks = { 54 }, fields = {
      of("bytes", "U64", 8), of("digest", "BYTES32", 32), of("source_number", "U16", 2),
    } },
    [13] = { name = "set_phase", family = "command", blocks = { 18 }, fields = {
      of("instrument", "U32", 4), of("phase", "ENUM", 1, "phase"),
      of("reason", "ENUM", 1, "phase_reason"),
    } },
    [14] = { name = "session_lost", family = "command", blocks = { 13 }, fields = {
      of("reason", "ENUM", 1, "session_end"),
    } },
    [15] = { name = "mass_cancel", family = "command", blocks = { 41 }, fields = {
      of("account", "U64", 8), of("tag", "U64", 8), of("participant", "U32", 4),
      of("instrument", "U32", 4), of("orders_of", "U32", 4), of("side", "U8", 1),
    } },
    [16] = { name = "set_dead_man", family = "command", blocks = { 16 }, fields = {
      of("timeout_ms", "U32", 4),
    } },
    [17] = { name = "set_block", family = "command", blocks = { 22 }, fields = {
      of("number", "U64", 8), of("target", "ENUM", 1, "block_target"), of("blocked", "U8", 1),
    } },
    [18] = { name = "resolve", family = "command", blocks = { 20 }, fields = {
      of("account", "U64", 8), of("client_order_id", "TEXT", 0),
    } },
    [19] = { name = "session_admin", family = "command", blocks = { 15 }, fields = {
      of("kind", "ENUM", 1, "admin_kind"), of("note", "ENUM", 1, "session_note"),
      of("count", "U8", 1),
    } },
    [20] = { name = "set_group", family = "command", blocks = { 17 }, fields = {
      of("self_trade_group", "U32", 4), of("mode", "ENUM", 1, "self_trade"),
    } },
    [21] = { name = "logic_version", family = "command", blocks = { 14 }, fields = {
      of("logic_version", "U16", 2),
    } },
    [1001] = { name = "venue_opened", family = "event", blocks = { 24 }, fields = {
      of("shard", "U16", 2), of("logic_version", "U16", 2),
    } },
    [1002] = { name = "asset_listed", family = "event", blocks = { 41 }, fields = {
      of("asset", "U32", 4), of("scale", "U8", 1), of("code", "CHARS16", 16),
    } },
    [1003] = { name = "instrument_listed", family = "event", blocks = { 100 }, fields = {
      of("instrument", "U32", 4), of("base_asset", "U32", 4), of("quote_asset", "U32", 4),
      of("price_scale", "U8", 1), of("quantity_scale", "U8", 1), of("negative_prices", "U8", 1),
      of("itch", "U8", 1), of("tick", "PRICE", 8), of("lowest_price", "PRICE", 8),
      of("highest_price", "PRICE", 8), of("lot", "QUANTITY", 8),
      of("largest_quantity", "QUANTITY", 8), of("multiplier", "I64", 8),
      of("symbol", "CHARS16", 16),
    } },
    [1004] = { name = "account_opened", family = "event", blocks = { 32, 36 }, fields = {
      of("account", "U64", 8), of("participant", "U32", 4),
      of("self_trade_group", "U32", 4, nil, 2),
    } },
    [1005] = { name = "session_opened", family = "event", blocks = { 36 }, fields = {
      of("session", "U32", 4), of("incarnation", "U32", 4), of("participant", "U32", 4),
      of("user", "U32", 4),
    } },
    [1006] = { name = "day_ended", family = "event", blocks = { 28 }, fields = {
      of("trading_day", "U32", 4), of("orders_expired", "U32", 4),
    } },
    [1007] = { name = "source_opened", family = "event", blocks = { 22 }, fields = {
      of("source", "U16", 2),
    } },
    [1008] = { name = "rejected", family = "event", blocks = { 59 }, fields = {
      of("account", "U64", 8), of("limit", "I64", 8), of("value", "I64", 8),
      of("session", "U32", 4), of("instrument", "U32", 4), of("budget", "U32", 4),
      of("code", "U16", 2, "reject"), of("command", "U8", 1), of("client_order_id", "TEXT", 0),
      of("new_client_order_id", "TEXT", 0),
    } },
    [1009] = { name = "accepted", family = "event", blocks = { 82 }, fields = {
      of("account", "U64", 8), of("price", "PRICE", 8), of("quantity", "QUANTITY", 8),
      of("expire_time", "TIME", 8), of("instrument", "U32", 4), of("session", "U32", 4),
      of("participant", "U32", 4), of("user", "U32", 4), of("self_trade_group", "U32", 4),
      of("budget", "U32", 4), of("side", "ENUM", 1, "side"),
      of("order_type", "ENUM", 1, "order_type"), of("time_in_force", "ENUM", 1, "time_in_force"),
      of("post_only", "ENUM", 1, "post_only"), of("capacity", "ENUM", 1, "capacity"),
      of("cancel_on_disconnect", "U8", 1), of("client_order_id", "TEXT", 0),
    } },
    [1010] = { name = "rested", family = "event", blocks = { 49 }, fields = {
      of("order_id", "U64", 8), of("price", "PRICE", 8), of("quantity", "QUANTITY", 8),
      of("instrument", "U32", 4), of("side", "ENUM", 1, "side"),
    } },
    [1011] = { name = "reduced", family = "event", blocks = { 58 }, fields = {
      of("order_id", "U64", 8), of("reference", "U64", 8), of("quantity", "QUANTITY", 8),
      of("remaining", "QUANTITY", 8), of("instrument", "U32", 4), of("side", "ENUM", 1, "side"),
      of("reason", "ENUM", 1, "reason"),
    } },
    [1012] = { name = "removed", family = "event", blocks = { 50 }, fields = {
      of("order_id", "U64", 8), of("reference", "U64", 8), of("quantity", "QUANTITY", 8),
      of("instrument", "U32", 4), of("side", "ENUM", 1, "side"), of("reason", "ENUM", 1, "reason"),
    } },
    [1013] = { name = "replaced", family = "event", blocks = { 62 }, fields = {
      of("order_id", "U64", 8), of("price", "PRICE", 8), of("quantity", "QUANTITY", 8),
      of("remaining", "QUANTITY", 8), of("instrument", "U32", 4), of("budget", "U32", 4),
      of("side", "ENUM", 1, "side"), of("place", "ENUM", 1, "place"),
      of("client_order_id", "TEXT", 0),
    } },
    [1014] = { name = "trade", family = "event", blocks = { 105 }, fields = {
      of("maker_order_id", "U64", 8), of("maker_reference", "U64", 8),
      of("taker_order_id", "U64", 8), of("price", "PRICE", 8), of("quantity", "QUANTITY", 8),
      of("maker_remaining", "QUANTITY", 8), of("taker_remaining", "QUANTITY", 8),
      of("maker_account", "U64", 8), of("taker_account", "U64", 8), of("maker_session", "U32", 4),
      of("taker_session", "U32", 4), of("instrument", "U32", 4),
      of("taker_side", "ENUM", 1, "side"),
    } },
    [1015] = { name = "cancelled", family = "event", blocks = { 42 }, fields = {
      of("order_id", "U64", 8), of("quantity", "QUANTITY", 8), of("instrument", "U32", 4),
      of("side", "ENUM", 1, "side"), of("reason", "ENUM", 1, "reason"),
    } },
    [1016] = { name = "phase", family = "event", blocks = { 26 }, fields = {
      of("instrument", "U32", 4), of("phase", "ENUM", 1, "phase"),
      of("reason", "ENUM", 1, "phase_reason"),
    } },
    [1017] = { name = "session_closed", family = "event", blocks = { 33 }, fields = {
      of("session", "U32", 4), of("incarnation", "U32", 4), of("orders", "U32", 4),
      of("reason", "ENUM", 1, "session_end"),
    } },
    [1018] = { name = "mass_cancelled", family = "event", blocks = { 57 }, fields = {
      of("account", "U64", 8), of("tag", "U64", 8), of("asked_by", "U32", 4),
      of("participant", "U32", 4), of("instrument", "U32", 4), of("session", "U32", 4),
      of("orders", "U32", 4), of("side", "U8", 1),
    } },
    [1019] = { name = "dead_man_set", family = "event", blocks = { 28 }, fields = {
      of("session", "U32", 4), of("timeout_ms", "U32", 4),
    } },
    [1020] = { name = "block_set", family = "event", blocks = { 30 }, fields = {
      of("number", "U64", 8), of("target", "ENUM", 1, "block_target"), of("blocked", "U8", 1),
    } },
    [1021] = { name = "replayed", family = "event", blocks = { 43 }, fields = {
      of("account", "U64", 8), of("event_sequence", "U64", 8), of("session", "U32", 4),
      of("code", "U16", 2, "reject"), of("command", "U8", 1), of("client_order_id", "TEXT", 0),
    } },
    [1022] = { name = "resolved", family = "event", blocks = { 42 }, fields = {
      of("account", "U64", 8), of("event_sequence", "U64", 8), of("session", "U32", 4),
      of("code", "U16", 2, "reject"), of("client_order_id", "TEXT", 0),
    } },
    [1023] = { name = "session_noted", family = "event", blocks = { 29 }, fields = {
      of("session", "U32", 4), of("incarnation", "U32", 4), of("note", "ENUM", 1, "session_note"),
    } },
    [1024] = { name = "session_reserved", family = "event", blocks = { 30 }, fields = {
      of("session", "U32", 4), of("incarnation", "U32", 4), of("place", "U8", 1),
      of("count", "U8", 1),
    } },
    [1025] = { name = "session_filled", family = "event", blocks = { 38 }, fields = {
      of("first_event", "U64", 8), of("session", "U32", 4), of("incarnation", "U32", 4),
      of("used", "U8", 1), of("unused", "U8", 1),
    } },
    [1026] = { name = "group_set", family = "event", blocks = { 25 }, fields = {
      of("self_trade_group", "U32", 4), of("mode", "ENUM", 1, "self_trade"),
    } },
    [1027] = { name = "prevented", family = "event", blocks = { 110 }, fields = {
      of("maker_order_id", "U64", 8), of("maker_reference", "U64", 8),
      of("taker_order_id", "U64", 8), of("price", "PRICE", 8), of("quantity", "QUANTITY", 8),
      of("maker_cancelled", "QUANTITY", 8), of("taker_cancelled", "QUANTITY", 8),
      of("maker_remaining", "QUANTITY", 8), of("taker_remaining", "QUANTITY", 8),
      of("maker_session", "U32", 4), of("taker_session", "U32", 4), of("instrument", "U32", 4),
      of("self_trade_group", "U32", 4), of("taker_side", "ENUM", 1, "side"),
      of("mode", "ENUM", 1, "self_trade"),
    } },
    [1028] = { name = "logic_changed", family = "event", blocks = { 24 }, fields = {
      of("before", "U16", 2), of("logic_version", "U16", 2),
    } },
  },
  enumerations = {
    side = {
      [1] = "BUY", [2] = "SELL",
    },
    order_type = {
      [1] = "LIMIT", [2] = "MARKET",
    },
    time_in_force = {
      [1] = "DAY", [2] = "GTC", [3] = "GTD", [4] = "IOC", [5] = "FOK",
    },
    post_only = {
      [0] = "OFF", [1] = "REJECT", [2] = "SLIDE",
    },
    capacity = {
      [1] = "AGENCY", [2] = "PRINCIPAL", [3] = "RISKLESS_PRINCIPAL",
    },
    place = {
      [1] = "KEPT", [2] = "LOST",
    },
    reason = {
      [1] = "REQUESTED", [2] = "IOC_REMAINDER", [3] = "FOK_NOT_FILLABLE", [4] = "MARKET_REMAINDER",
      [5] = "MATCH_LIMIT", [6] = "EXPIRED", [7] = "END_OF_DAY", [8] = "REPLACED",
      [9] = "REPLAY_RECONCILE", [10] = "OFF_BOOK_EXECUTION", [11] = "DISCONNECTED",
      [12] = "DEAD_MAN", [13] = "MASS_CANCEL", [14] = "SELF_TRADE", [15] = "MINIMUM_NOT_FILLABLE",
    },
    on_disconnect = {
      [0] = "DEFAULT", [1] = "KEEP", [2] = "CANCEL",
    },
    phase = {
      [1] = "OPEN", [2] = "HALTED", [3] = "CLOSED",
    },
    phase_reason = {
      [1] = "SCHEDULED", [2] = "OPERATOR", [3] = "NEWS", [4] = "VOLATILITY", [5] = "TECHNICAL",
    },
    session_end = {
      [1] = "LOGGED_OUT", [2] = "DISCONNECTED", [3] = "SILENT", [4] = "CUT", [5] = "GATEWAY_LOST",
    },
    block_target = {
      [1] = "PARTICIPANT", [2] = "ACCOUNT", [3] = "SESSION",
    },
    admin_kind = {
      [1] = "NOTE", [2] = "RESERVE", [3] = "FILL",
    },
    session_note = {
      [0] = "NONE", [1] = "VENUE_STOPS", [2] = "GATEWAY_STOPS",
    },
    self_trade = {
      [0] = "NONE", [1] = "CANCEL_NEWEST", [2] = "CANCEL_OLDEST", [3] = "CANCEL_BOTH",
      [4] = "DECREMENT",
    },
    reject = {
      [1] = "UNKNOWN_SESSION", [2] = "STALE_INCARNATION", [3] = "INPUT_SEQUENCE_NOT_ABOVE_LAST",
      [4] = "COMMAND_EXPIRED", [5] = "INVALID_FIELD", [6] = "INCOMPATIBLE_FIELDS",
      [7] = "UNKNOWN_ACCOUNT", [8] = "ACCOUNT_NOT_OF_PARTICIPANT", [9] = "UNKNOWN_INSTRUMENT",
      [10] = "DUPLICATE_ORDER_ID", [11] = "UNKNOWN_ORDER", [12] = "PRICE_NOT_ON_TICK",
      [13] = "PRICE_OUT_OF_RANGE", [14] = "QUANTITY_NOT_POSITIVE", [15] = "QUANTITY_NOT_ON_LOT",
      [16] = "QUANTITY_TOO_LARGE", [17] = "QUANTITY_ABOVE_OPEN",
      [18] = "QUANTITY_NOT_ABOVE_EXECUTED", [19] = "NOTIONAL_OVERFLOW",
      [20] = "POST_ONLY_WOULD_TRADE", [21] = "EXPIRY_NOT_IN_FUTURE", [22] = "ORDER_POOL_FULL",
      [23] = "LEVEL_POOL_FULL", [24] = "ALREADY_EXISTS", [25] = "TABLE_FULL",
      [26] = "UNKNOWN_ASSET", [27] = "NOTIONAL_NOT_EXACT", [28] = "TRADING_DAY_NOT_LATER",
      [29] = "INCARNATION_NOT_ABOVE_LAST", [30] = "BALANCE_TOO_SMALL", [31] = "INSTRUMENT_HALTED",
      [32] = "INSTRUMENT_CLOSED", [33] = "BLOCKED", [34] = "RATE_LIMITED", [35] = "OPERATOR_ONLY",
      [36] = "VALID_FOR_TOO_LONG", [37] = "UNKNOWN_PARTICIPANT", [38] = "MASS_CANCEL_UNDER_WAY",
      [39] = "NAME_FENCED", [40] = "NAME_TABLE_FULL", [41] = "RESEND_OFF", [42] = "RESERVE_HELD",
      [43] = "RESERVE_TOO_SMALL", [44] = "LOG_NEARLY_FULL", [45] = "LOGIC_NOT_LATER",
      [46] = "LOGIC_UNKNOWN", [47] = "MINIMUM_OUT_OF_RANGE", [48] = "LATER_RULES",
    },
  },
}
