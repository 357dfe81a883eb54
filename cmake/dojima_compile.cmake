# Language, warnings and hardening: one interface target that every target of ours links.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_LINK_DEPENDS_NO_SHARED ON)

option(DOJIMA_FUZZ "build libFuzzer targets (clang only)" OFF)
set(DOJIMA_SANITIZE "" CACHE STRING "sanitizers, comma separated")
set(DOJIMA_PROFILE "" CACHE STRING "of a run: generate, use or empty (gcc only; tools/build_shipped)")

add_library(dojima_flags INTERFACE)
target_compile_definitions(dojima_flags INTERFACE _GNU_SOURCE)
target_include_directories(dojima_flags INTERFACE "${CMAKE_SOURCE_DIR}/src" "${CMAKE_SOURCE_DIR}")
target_compile_options(dojima_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes
  -Wmissing-prototypes -Wcast-align -Wcast-qual -Wformat=2 -Wundef -Wvla -Wswitch-enum
  -Wimplicit-fallthrough -Wnull-dereference
  -fstack-protector-strong -fno-strict-overflow -fno-delete-null-pointer-checks
  -fno-omit-frame-pointer -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(dojima_flags INTERFACE -fstack-clash-protection -ftrivial-auto-var-init=zero)
endif()
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  # Ten-year-old baseline with CRC32 and POPCNT; newer instructions are chosen at run time.
  target_compile_options(dojima_flags INTERFACE -march=x86-64-v2)
endif()
target_link_options(dojima_flags INTERFACE -Wl,-z,relro,-z,now -Wl,-z,noexecstack)
if(DOJIMA_SANITIZE)
  target_compile_options(dojima_flags INTERFACE -fsanitize=${DOJIMA_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(dojima_flags INTERFACE -fsanitize=${DOJIMA_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(dojima_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
set(CMAKE_C_FLAGS_RELEASE "-O3 -g1")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g")
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT DOJIMA_SANITIZE)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()
if(DOJIMA_PROFILE STREQUAL "generate")
  # The log's writer is a thread of its own: counters are atomic.
  target_compile_options(dojima_flags INTERFACE -fprofile-generate -fprofile-update=atomic)
  target_link_options(dojima_flags INTERFACE -fprofile-generate)
elseif(DOJIMA_PROFILE STREQUAL "use")
  # What the training run did not reach is compiled as without a profile, not for size.
  target_compile_options(dojima_flags INTERFACE -fprofile-use -fprofile-partial-training
    -Wno-missing-profile)
  target_link_options(dojima_flags INTERFACE -fprofile-use)
endif()
