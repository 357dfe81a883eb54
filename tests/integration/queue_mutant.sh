# Goal: "same order" measures the engine's queue and nothing else: an engine whose newcomers go before
# the last order of their level instead of behind it scores lower, at the same prices. Method: the
# sources, copied, with that one place changed, built, and run beside the binary as it is.
# Usage: queue_mutant.sh BINARY C-COMPILER
compiler=$2
. "$(dirname "$0")/lib.sh"
root=$source/../..

mkdir -p mutant/apps
cp -r "$root/CMakeLists.txt" "$root/cmake" "$root/src" "$root/schema" mutant
cp -r "$root/apps/dojima" mutant/apps
book=mutant/src/engine/book/book.c

# The last line that links an order at the back of its level. A change that finds it not once is a
# fault of this test, as is one that does not make it join before the last.
place='^    level->tail = index;$'
[ "$(grep -c "$place" $book)" -eq 1 ] || fail "the place to change is not once in engine/book/book.c"
sed -i "s/$place/\
    if (order->previous != POOL_NONE) {\n\
        struct order *last = \&pool->orders[order->previous];\n\
        order->next = level->tail;\n\
        order->previous = last->previous;\n\
        last->previous = index;\n\
        last->next = POOL_NONE;\n\
        if (order->previous == POOL_NONE) {\n\
            level->head = index;\n\
        } else {\n\
            pool->orders[order->previous].next = index;\n\
        }\n\
    } else {\n\
        level->tail = index;\n\
    }/" $book
! cmp -s $book "$root/src/engine/book/book.c" || fail "the sources were not changed"

expect 0 cmake -S mutant -B built -G Ninja -DCMAKE_BUILD_TYPE=Debug -DBUILD_TESTING=OFF \
  "-DCMAKE_C_COMPILER=$compiler"
expect 0 cmake --build built --target dojima -j 2

day=${DOJIMA_DATA:+$DOJIMA_DATA/lobster/AAPL_2012-06-21_message_first45000.csv}
if [ -z "$day" ]; then
  day=day.itch
  expect 0 "$dojima" generate --out day.itch --messages 50000 --instruments 50
fi
expect 0 "$dojima" replay "$day" --json --data straight --ack memory
cp out straight.json
expect 0 built/dojima replay "$day" --json --data bent --ack memory
cp out bent.json
straight=$(field executions_same_order straight.json)
bent=$(field executions_same_order bent.json)
checked=$(field executions_checked straight.json)
same executions_checked "$checked" bent.json
same executions_same_price "$(field executions_same_price straight.json)" bent.json
[ "$bent" -lt "$straight" ] || fail "same order is $bent of $checked in the mutant, $straight straight"
[ "$(field state_hash straight.json)" != "$(field state_hash bent.json)" ] || fail "the states are equal"
echo "same order $straight of $checked, in the mutant $bent"
passed
