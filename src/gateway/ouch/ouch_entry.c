/* SPDX-License-Identifier: Apache-2.0
 *
 * Client messages to commands. What asks for something that the venue does not have becomes a
 * command that the engine refuses, so that the refusal is a fact with a place in the stream:
 *
 *   unknown symbol              instrument 0                       UNKNOWN_INSTRUMENT
 *   a value we do not take      a market order that stays          INCOMPATIBLE_FIELDS
 *   a change we do not take     a replace to nothing               QUANTITY_NOT_POSITIVE
 *   order entry is off          account 0                          UNKNOWN_ACCOUNT
 */
#include "gateway/ouch/ouch_session.h"

#include "wire/ouch/ouch.h"

static enum protocol_outcome wrong(struct protocol_intent *intent, const char *reason)
{
    intent->reason = reason;
    return PROTOCOL_WRONG;
}

static void begin(struct protocol_intent *intent, uint8_t id, uint8_t version)
{
    intent->command = (struct command){.header = {.id = id, .version = version}};
}

static struct text36 name_of(const struct ouch_session *session, uint32_t user_ref_num,
                             const char *client_id)
{
    struct order_name name = {.session = session->who.session, .user_ref_num = user_ref_num};
    memcpy(name.client_id, client_id, sizeof name.client_id);
    return order_name_encode(&name);
}

/* The name that an order has in the log. Of an unknown one: the name it would have, which no order
 * has, so that the engine says so. */
static struct text36 name_known(const struct ouch_session *session, uint32_t user_ref_num,
                                const struct ouch_known *known)
{
    static const char blank[OUCH_CLIENT_ID_BYTES] = {' ', ' ', ' ', ' ', ' ', ' ', ' ',
                                                     ' ', ' ', ' ', ' ', ' ', ' ', ' '};
    return name_of(session, user_ref_num, known == NULL ? blank : known->client_id);
}

static bool take_side(uint8_t letter, enum side *out_side)
{
    switch (letter) {
    case OUCH_SIDE_BUY:
        *out_side = SIDE_BUY;
        return true;
    case OUCH_SIDE_SELL:
    case OUCH_SIDE_SELL_SHORT:
    case OUCH_SIDE_SELL_SHORT_EXEMPT:
        *out_side = SIDE_SELL;
        return true;
    default:
        return false;
    }
}

static bool take_capacity(uint8_t letter, enum capacity *out_capacity)
{
    switch (letter) {
    case OUCH_CAPACITY_AGENCY:
        *out_capacity = CAPACITY_AGENCY;
        return true;
    case OUCH_CAPACITY_PRINCIPAL:
        *out_capacity = CAPACITY_PRINCIPAL;
        return true;
    case OUCH_CAPACITY_RISKLESS:
        *out_capacity = CAPACITY_RISKLESS_PRINCIPAL;
        return true;
    default:
        return false;
    }
}

static bool take_time_in_force(uint8_t letter, enum time_in_force *out_time_in_force)
{
    switch (letter) {
    case OUCH_TIME_IN_FORCE_DAY:
        *out_time_in_force = TIME_IN_FORCE_DAY;
        return true;
    case OUCH_TIME_IN_FORCE_IOC:
        *out_time_in_force = TIME_IN_FORCE_IOC;
        return true;
    default:
        return false;
    }
}

/* Whose a new order or a replace is: nobody's while the client has its order entry off. */
static uint64_t entry_account(const struct ouch_session *session)
{
    return ouch_session_disabled(session) ? 0 : session->who.account;
}

static struct price take_price(uint64_t price)
{
    return (struct price){price > INT64_MAX ? PRICE_NONE : (int64_t)price};
}

/* One or two digits and blanks behind them; all blank is no group. */
static bool take_group(const struct ouch_element *element, uint32_t *out_group)
{
    uint32_t group = 0;
    size_t digits = 0;
    while (digits < element->bytes && element->value[digits] >= '0' &&
           element->value[digits] <= '9') {
        group = group * 10 + (uint32_t)(element->value[digits] - '0');
        digits++;
    }
    for (size_t i = digits; i < element->bytes; i++) {
        if (element->value[i] != ' ') {
            return false;
        }
    }
    *out_group = group;
    return true;
}

/* Appendage of a new order: MIN_QUANTITY of the whole makes an IOC fill-or-kill, a smaller one is
 * the least it takes at once; POST_ONLY slides. False: it asks for something else. */
static bool take_appendage(const struct ouch_enter_order *enter, struct command_new_order *order)
{
    struct ouch_element element;
    size_t at = 0;
    while (ouch_appendage_next(&enter->appendage, &at, &element)) {
        if (element.bytes != ouch_tag_bytes(element.tag)) {
            return false;
        }
        switch (element.tag) {
        case OUCH_TAG_MIN_QUANTITY:
            if (ouch_element_number(&element) == enter->quantity &&
                order->time_in_force == TIME_IN_FORCE_IOC) {
                order->time_in_force = TIME_IN_FORCE_FOK;
            } else {
                order->minimum_quantity.lots = (int64_t)ouch_element_number(&element);
            }
            break;
        case OUCH_TAG_POST_ONLY:
            order->post_only = element.value[0] == 'P' ? POST_ONLY_SLIDE : POST_ONLY_OFF;
            break;
        case OUCH_TAG_AIQ_GROUP_ID:
            if (!take_group(&element, &order->self_trade_group)) {
                return false;
            }
            break;
        case OUCH_TAG_PRICE_TYPE:
            if (element.value[0] != 'L') {
                return false;
            }
            break;
        case OUCH_TAG_FIRM:
        case OUCH_TAG_CUSTOMER_TYPE:
        case OUCH_TAG_USER_REF_IDX:
            break; /* say nothing that this venue needs */
        default:
            return false;
        }
    }
    return true;
}

/* The values that are taken as they are; false: one of them is not. */
static bool take_values(const struct ouch_enter_order *enter, struct command_new_order *order)
{
    return take_side(enter->side, &order->side) &&
           take_capacity(enter->capacity, &order->capacity) &&
           take_time_in_force(enter->time_in_force, &order->time_in_force) &&
           (enter->display == OUCH_DISPLAY_VISIBLE ||
            enter->display == OUCH_DISPLAY_ATTRIBUTABLE) &&
           enter->cross_type == OUCH_CROSS_TYPE_CONTINUOUS &&
           (enter->sweep == OUCH_SWEEP_ELIGIBLE || enter->sweep == OUCH_SWEEP_NOT_ELIGIBLE) &&
           order_name_legal(enter->client_order_id) && take_appendage(enter, order);
}

static enum protocol_outcome decode_enter(const struct ouch_session *session,
                                          const struct directory *directory,
                                          const struct ouch_enter_order *enter,
                                          struct protocol_intent *intent)
{
    static const char blank[OUCH_CLIENT_ID_BYTES + 1] = "              ";
    intent->reference = enter->user_ref_num;
    if (enter->user_ref_num <= ouch_session_highest(session)) {
        return PROTOCOL_REPEAT;
    }
    begin(intent, COMMAND_NEW_ORDER, COMMAND_NEW_ORDER_VERSION);
    struct command_new_order *order = &intent->command.new_order;
    const struct directory_row *row = directory_find_padded(directory, enter->symbol);
    *order = (struct command_new_order){
        .account = entry_account(session),
        .price = take_price(enter->price),
        .quantity = {enter->quantity},
        .instrument = row == NULL ? 0 : row->terms.instrument,
        .side = SIDE_BUY,
        .order_type = ORDER_TYPE_LIMIT,
        .time_in_force = TIME_IN_FORCE_DAY,
        .capacity = CAPACITY_AGENCY,
    };
    if (take_values(enter, order)) {
        if (enter->price == OUCH_PRICE_MARKET) {
            order->order_type = ORDER_TYPE_MARKET;
            order->price.units = PRICE_NONE;
        }
    } else {
        order->order_type = ORDER_TYPE_MARKET;
        order->time_in_force = TIME_IN_FORCE_DAY;
    }
    order->client_order_id =
        name_of(session, enter->user_ref_num,
                order_name_legal(enter->client_order_id) ? enter->client_order_id : blank);
    return PROTOCOL_COMMAND;
}

/* Whether a replace keeps what the engine cannot change: time in force, display. */
static bool keeps_the_rest(const struct ouch_replace_order *replace, const struct ouch_known *known)
{
    enum time_in_force time_in_force;
    if (!take_time_in_force(replace->time_in_force, &time_in_force) ||
        !order_name_legal(replace->client_order_id) || replace->appendage.count != 0 ||
        (replace->display != OUCH_DISPLAY_VISIBLE &&
         replace->display != OUCH_DISPLAY_ATTRIBUTABLE)) {
        return false;
    }
    return known->pending || known->time_in_force == time_in_force;
}

static enum protocol_outcome decode_replace(const struct ouch_session *session,
                                            const struct ouch_replace_order *replace,
                                            struct protocol_intent *intent)
{
    struct ouch_known known;
    intent->reference = replace->user_ref_num;
    if (replace->user_ref_num <= ouch_session_highest(session)) {
        return PROTOCOL_REPEAT;
    }
    bool found = ouch_session_known(session, replace->orig_user_ref_num, &known);
    begin(intent, COMMAND_REPLACE, COMMAND_REPLACE_VERSION);
    struct command_replace *command = &intent->command.replace;
    *command = (struct command_replace){
        .account = entry_account(session),
        .price = replace->price == OUCH_PRICE_MARKET ? (struct price){PRICE_NONE}
                                                     : take_price(replace->price),
        .quantity = {replace->quantity},
        .client_order_id = name_known(session, replace->orig_user_ref_num, found ? &known : NULL),
    };
    if (found && !keeps_the_rest(replace, &known)) {
        command->quantity.lots = 0;
    }
    command->new_client_order_id =
        order_name_legal(replace->client_order_id)
            ? name_of(session, replace->user_ref_num, replace->client_order_id)
            : name_known(session, replace->user_ref_num, NULL);
    return PROTOCOL_COMMAND;
}

static enum protocol_outcome decode_cancel(const struct ouch_session *session,
                                           const struct ouch_cancel_order *cancel,
                                           struct protocol_intent *intent)
{
    struct ouch_known known;
    bool found = ouch_session_known(session, cancel->user_ref_num, &known);
    struct text36 name = name_known(session, cancel->user_ref_num, found ? &known : NULL);
    int64_t less = found ? known.total.lots - (int64_t)cancel->quantity : 0;
    intent->reference = cancel->user_ref_num;
    if (cancel->quantity == 0 || !found || less >= known.open.lots) {
        begin(intent, COMMAND_CANCEL, COMMAND_CANCEL_VERSION);
        intent->command.cancel =
            (struct command_cancel){.account = session->who.account, .client_order_id = name};
        return PROTOCOL_COMMAND;
    }
    begin(intent, COMMAND_REDUCE, COMMAND_REDUCE_VERSION);
    intent->command.reduce = (struct command_reduce){
        .account = session->who.account,
        .quantity = {less > 0 ? less : 0},
        .reason = REASON_REQUESTED,
        .client_order_id = name,
    };
    return PROTOCOL_COMMAND;
}

/* A modify is a replace by the same name at the same price: fewer shares keep their place. */
static enum protocol_outcome decode_modify(const struct ouch_session *session,
                                           const struct ouch_modify_order *modify,
                                           struct protocol_intent *intent)
{
    struct ouch_known known;
    enum side side;
    bool found = ouch_session_known(session, modify->user_ref_num, &known);
    struct text36 name = name_known(session, modify->user_ref_num, found ? &known : NULL);
    bool legal = found && take_side(modify->side, &side) && side == known.side &&
                 (int64_t)modify->quantity <= known.total.lots;
    intent->reference = modify->user_ref_num;
    begin(intent, COMMAND_REPLACE, COMMAND_REPLACE_VERSION);
    intent->command.replace = (struct command_replace){
        .account = session->who.account,
        .price = found ? known.price : (struct price){1},
        .quantity = {legal ? (int64_t)modify->quantity : 0},
        .client_order_id = name,
        .new_client_order_id = name,
    };
    return PROTOCOL_COMMAND;
}

static enum protocol_outcome decode_mass_cancel(const struct ouch_session *session,
                                                const struct directory *directory,
                                                const struct ouch_mass_cancel *mass_cancel,
                                                struct protocol_intent *intent)
{
    struct ouch_element element;
    struct firm_request request = {.user_ref_num = mass_cancel->user_ref_num};
    memcpy(request.firm, mass_cancel->firm, sizeof request.firm);
    intent->reference = mass_cancel->user_ref_num;
    if (mass_cancel->user_ref_num <= ouch_session_highest(session)) {
        return PROTOCOL_REPEAT;
    }
    begin(intent, COMMAND_MASS_CANCEL, COMMAND_MASS_CANCEL_VERSION);
    struct command_mass_cancel *command = &intent->command.mass_cancel;
    *command = (struct command_mass_cancel){
        .tag = mass_cancel_tag_encode(&request),
        .orders_of = session->who.session,
    };
    if (memcmp(mass_cancel->symbol, "        ", sizeof mass_cancel->symbol) != 0) {
        const struct directory_row *row = directory_find_padded(directory, mass_cancel->symbol);
        command->instrument = row == NULL ? UINT32_MAX : row->terms.instrument;
    }
    enum side side;
    if (ouch_appendage_find(&mass_cancel->appendage, OUCH_TAG_SIDE, &element) == STATUS_OK &&
        take_side(element.value[0], &side)) {
        command->side = (uint8_t)side;
    }
    return PROTOCOL_COMMAND;
}

/* Order entry off: what is open goes, and from here this session's fold refuses what would open. */
static enum protocol_outcome decode_disable(const struct ouch_session *session,
                                            uint32_t user_ref_num, const char firm[OUCH_FIRM_BYTES],
                                            struct protocol_intent *intent)
{
    struct firm_request request = {.user_ref_num = user_ref_num, .disables = true};
    memcpy(request.firm, firm, sizeof request.firm);
    intent->reference = user_ref_num;
    if (user_ref_num <= ouch_session_highest(session)) {
        return PROTOCOL_REPEAT;
    }
    begin(intent, COMMAND_MASS_CANCEL, COMMAND_MASS_CANCEL_VERSION);
    intent->command.mass_cancel = (struct command_mass_cancel){
        .tag = mass_cancel_tag_encode(&request), .orders_of = session->who.session};
    return PROTOCOL_COMMAND;
}

/* Order entry on: a RESOLVE of a name that no order has, so that it has a place in the stream. */
static enum protocol_outcome decode_enable(const struct ouch_session *session,
                                           uint32_t user_ref_num, const char firm[OUCH_FIRM_BYTES],
                                           struct protocol_intent *intent)
{
    struct firm_request request = {.user_ref_num = user_ref_num};
    memcpy(request.firm, firm, sizeof request.firm);
    intent->reference = user_ref_num;
    if (user_ref_num <= ouch_session_highest(session)) {
        return PROTOCOL_REPEAT;
    }
    begin(intent, COMMAND_RESOLVE, COMMAND_RESOLVE_VERSION);
    intent->command.resolve = (struct command_resolve){
        .account = session->who.account,
        .client_order_id = enable_name_encode(session->who.session, &request),
    };
    return PROTOCOL_COMMAND;
}

static enum protocol_outcome decode_query(const struct ouch_session *session,
                                          struct protocol_intent *intent)
{
    begin(intent, COMMAND_RESOLVE, COMMAND_RESOLVE_VERSION);
    intent->command.resolve = (struct command_resolve){
        .account = session->who.account,
        .client_order_id =
            query_name_encode(session->who.session, ouch_session_highest(session) + 1),
    };
    return PROTOCOL_COMMAND;
}

static enum protocol_outcome decode_order(const struct ouch_session *session,
                                          const struct directory *directory, const uint8_t *bytes,
                                          size_t count, struct protocol_intent *intent)
{
    switch (bytes[0]) {
    case OUCH_enter_order_LETTER: {
        struct ouch_enter_order message;
        return ouch_decode_enter_order(bytes, count, &message) == STATUS_OK
                   ? decode_enter(session, directory, &message, intent)
                   : wrong(intent, "Enter Order has a wrong length or appendage");
    }
    case OUCH_replace_order_LETTER: {
        struct ouch_replace_order message;
        return ouch_decode_replace_order(bytes, count, &message) == STATUS_OK
                   ? decode_replace(session, &message, intent)
                   : wrong(intent, "Replace Order has a wrong length or appendage");
    }
    case OUCH_cancel_order_LETTER: {
        struct ouch_cancel_order message;
        return ouch_decode_cancel_order(bytes, count, &message) == STATUS_OK
                   ? decode_cancel(session, &message, intent)
                   : wrong(intent, "Cancel Order has a wrong length or appendage");
    }
    default: {
        struct ouch_modify_order message;
        return ouch_decode_modify_order(bytes, count, &message) == STATUS_OK
                   ? decode_modify(session, &message, intent)
                   : wrong(intent, "Modify Order has a wrong length or appendage");
    }
    }
}

enum protocol_outcome ouch_entry_decode(const void *state, const struct directory *directory,
                                        const uint8_t *bytes, size_t count,
                                        struct protocol_intent *out_intent)
{
    const struct ouch_session *session = state;
    *out_intent = (struct protocol_intent){0};
    if (count == 0) {
        return wrong(out_intent, "an empty message");
    }
    switch (bytes[0]) {
    case OUCH_enter_order_LETTER:
    case OUCH_replace_order_LETTER:
    case OUCH_cancel_order_LETTER:
    case OUCH_modify_order_LETTER:
        return decode_order(session, directory, bytes, count, out_intent);
    case OUCH_mass_cancel_LETTER: {
        struct ouch_mass_cancel message;
        return ouch_decode_mass_cancel(bytes, count, &message) == STATUS_OK
                   ? decode_mass_cancel(session, directory, &message, out_intent)
                   : wrong(out_intent, "Mass Cancel has a wrong length or appendage");
    }
    case OUCH_disable_order_entry_LETTER: {
        struct ouch_disable_order_entry message;
        return ouch_decode_disable_order_entry(bytes, count, &message) == STATUS_OK
                   ? decode_disable(session, message.user_ref_num, message.firm, out_intent)
                   : wrong(out_intent, "Disable Order Entry has a wrong length or appendage");
    }
    case OUCH_enable_order_entry_LETTER: {
        struct ouch_enable_order_entry message;
        return ouch_decode_enable_order_entry(bytes, count, &message) == STATUS_OK
                   ? decode_enable(session, message.user_ref_num, message.firm, out_intent)
                   : wrong(out_intent, "Enable Order Entry has a wrong length or appendage");
    }
    case OUCH_account_query_LETTER:
        return ouch_check(OUCH_IN, bytes, count) == STATUS_OK
                   ? decode_query(session, out_intent)
                   : wrong(out_intent, "Account Query has a wrong length or appendage");
    default:
        return wrong(out_intent, "no message of OUCH 5.0 begins with this letter");
    }
}
