# The front door. Thin: the work is done by the CMake presets and the scripts it names.
.DEFAULT_GOAL := help
.PHONY: help run test build shipped generate check check-full soak sim bench bench-wire bench-restart bench-instructions referee fuzz docs clean

# The real market data that some tests use when it is there.
ifndef DOJIMA_DATA
ifneq ($(wildcard ../shared/data),)
export DOJIMA_DATA := $(abspath ../shared/data)
endif
endif

JOBS := $(shell nproc 2>/dev/null || echo 2)
INPUT ?=
FUZZ_SECONDS ?= 20
SEEDS ?= 1000

help:
	@echo 'make run                 replay a small generated trading day'
	@echo 'make run INPUT=path      replay a real one: LOBSTER, Nasdaq ITCH 5.0, MoldUDP64 pcap, Databento MBO'
	@echo 'make test                build and run all tests (a few minutes)'
	@echo 'make build               leave the binary at build/release/dojima'
	@echo 'make shipped             the same with the profile of a training run, in build/shipped'
	@echo 'make check               what a reviewer would say: format, tidy, rooms, drift, sizes, calls, words'
	@echo 'make check-full          everything, with large numbers (at most 90 minutes)'
	@echo 'make soak                the largest numbers'
	@echo 'make sim SEEDS=n         simulated lives of a venue with everything that goes wrong (SEEDS=1000)'
	@echo 'make bench               benchmarks; results in bench/results'
	@echo 'make bench-wire          a running venue under load; results in bench/results/wire.json'
	@echo 'make bench-restart       starts from snapshots and what making them costs; bench/results/restart.json'
	@echo 'make bench-instructions  instructions a command, against the committed ones'
	@echo 'make referee             build/release/libdojima_referee.so'
	@echo 'make fuzz                every fuzz target, FUZZ_SECONDS=20 each'
	@echo 'make generate            rewrite the files that come from schema/ and src/ROOMS'
	@echo 'make docs                the same, documentation only'
	@echo 'make clean               remove build/'
	@echo 'Missing packages are installed first (tools/packages.txt).'

build:
	@tools/setup run
	@tools/build release

shipped:
	@tools/setup run
	@tools/build_shipped

run: build
	@tools/run "$(INPUT)"

test: build
	@ctest --test-dir build/release --output-on-failure --no-tests=error -j $(JOBS)

generate docs:
	@tools/setup check
	@tools/build release schemagen
	@tools/generate $(if $(filter docs,$@),docs)

check:
	@tools/setup check
	@tools/check/all

check-full:
	@tools/setup check
	@tools/check_full

soak:
	@tools/setup check
	@tools/check_full --soak

sim:
	@tools/setup run
	@tools/build release dojima-sim
	@build/release/dojima-sim --seeds $(SEEDS)

bench: build
	@tools/build_shipped
	@bench/run

bench-wire: build
	@tools/setup check
	@tools/build_shipped
	@bench/wire

bench-restart: build
	@tools/setup check
	@tools/build_shipped
	@bench/restart

bench-instructions: build
	@tools/build_shipped
	@bench/instructions

referee: build
	@tools/build release dojima_referee
	@ls -l build/release/libdojima_referee.so

fuzz:
	@tools/setup check
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tools/fuzz

clean:
	@rm -rf build
