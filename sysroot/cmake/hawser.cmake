# What CMake is told of hawser:
#
#   cmake -B build -DCMAKE_TOOLCHAIN_FILE="$(npx hawser flags --cmake)"
#
# A target PROG becomes the module PROG.wasm. What CMake runs (try_run, CTest) is run by `hawser run` in its directory,
# without a network. Libraries, headers and packages are those of CMAKE_PREFIX_PATH and CMAKE_INSTALL_PREFIX, never this
# machine's own.

set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_VERSION 1)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")

get_filename_component(HAWSER_TOOLS "${CMAKE_CURRENT_LIST_DIR}/../bin" ABSOLUTE)
set(CMAKE_C_COMPILER "${HAWSER_TOOLS}/hawser-cc")
foreach(tool AR RANLIB)
  string(TOLOWER ${tool} name)
  set(CMAKE_${tool} "${HAWSER_TOOLS}/hawser-${name}" CACHE FILEPATH "")
  set(CMAKE_C_COMPILER_${tool} "${HAWSER_TOOLS}/hawser-${name}" CACHE FILEPATH "")
endforeach()
get_filename_component(HAWSER_CLI "${CMAKE_CURRENT_LIST_DIR}/../../cli.js" ABSOLUTE)
set(CMAKE_CROSSCOMPILING_EMULATOR "${HAWSER_CLI};run;--dir;.;--" CACHE STRING "")

# What is looked for is looked for here; programs that the build itself runs are this machine's.
list(APPEND CMAKE_FIND_ROOT_PATH ${CMAKE_PREFIX_PATH} ${CMAKE_INSTALL_PREFIX} "${CMAKE_CURRENT_LIST_DIR}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
foreach(kind LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
if(NOT DEFINED ENV{PKG_CONFIG_LIBDIR})
  set(HAWSER_PACKAGES "${CMAKE_CURRENT_LIST_DIR}/none")
  foreach(prefix ${CMAKE_PREFIX_PATH} ${CMAKE_INSTALL_PREFIX})
    string(PREPEND HAWSER_PACKAGES "${prefix}/lib/pkgconfig:")
  endforeach()
  set(ENV{PKG_CONFIG_LIBDIR} "${HAWSER_PACKAGES}")
endif()
