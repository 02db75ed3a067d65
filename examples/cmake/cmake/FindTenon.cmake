# find_package(Tenon) for CMake 3.20 and later: installs what CMake builds by tenon, each package in one atomic step.
#
# Copy this file into your project, name its folder in CMAKE_MODULE_PATH, and use one of
#
#   tenon_install(NAME VERSION)
#     adds the target `tenon-install`, which does what `install` does, but joins (installs) the files into
#     CMAKE_INSTALL_PREFIX by one transaction of tenon. Nothing else of the project changes.
#
#   tenon_external_project(NAME VERSION version [STAGE_COMMAND command...] [arguments of ExternalProject_Add...])
#     is ExternalProject_Add for one package of a superbuild, whose files tenon joins into CMAKE_INSTALL_PREFIX.
#     STAGE_COMMAND installs below $DESTDIR, which it finds in its environment; by default it builds the target
#     `install` of a CMake project. CMAKE_ARGS gets the prefix by itself.
#
# Variables: Tenon_FOUND, Tenon_VERSION, TENON_EXECUTABLE, and TENON_OPTIONS, which every `tenon install` gets.

find_program(TENON_EXECUTABLE tenon DOC "The program tenon")
if(TENON_EXECUTABLE)
  execute_process(
    COMMAND ${TENON_EXECUTABLE} --version
    OUTPUT_VARIABLE Tenon_VERSION
    OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
set(TENON_OPTIONS "" CACHE STRING "Options of every tenon install, such as --no-sync")

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  Tenon
  REQUIRED_VARS TENON_EXECUTABLE
  VERSION_VAR Tenon_VERSION
  REASON_FAILURE_MESSAGE "Install tenon, or name it with -DTENON_EXECUTABLE=PATH.")

function(_tenon_join_command result name version stage)
  set(${result}
      ${TENON_EXECUTABLE} install --name ${name} --version ${version} --stage ${stage}${CMAKE_INSTALL_PREFIX}
      --prefix ${CMAKE_INSTALL_PREFIX} ${TENON_OPTIONS}
      PARENT_SCOPE)
endfunction()

function(tenon_install name version)
  set(stage ${CMAKE_BINARY_DIR}/tenon-stage)
  _tenon_join_command(join ${name} ${version} ${stage})
  add_custom_target(
    tenon-install
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${stage}
    COMMAND ${CMAKE_COMMAND} -E env DESTDIR=${stage} ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --target install
    COMMAND ${join}
    COMMENT "Joining ${name} ${version} into ${CMAKE_INSTALL_PREFIX}"
    USES_TERMINAL VERBATIM)
endfunction()

function(tenon_external_project name)
  include(ExternalProject)
  cmake_parse_arguments(PARSE_ARGV 1 own "" "VERSION" "STAGE_COMMAND;CMAKE_ARGS")
  if(NOT own_VERSION)
    message(FATAL_ERROR "tenon_external_project(${name}) needs VERSION, which tenon records with the package")
  endif()
  if(NOT own_STAGE_COMMAND)
    set(own_STAGE_COMMAND ${CMAKE_COMMAND} --build <BINARY_DIR> --target install)
  endif()
  set(stage ${CMAKE_BINARY_DIR}/tenon-stage/${name})
  _tenon_join_command(join ${name} ${own_VERSION} ${stage})
  # Empty arguments count for ExternalProject_Add, and only a quoted expansion keeps them.
  set(others "")
  foreach(argument IN LISTS own_UNPARSED_ARGUMENTS)
    string(APPEND others " [==[${argument}]==]")
  endforeach()
  cmake_language(EVAL CODE "ExternalProject_Add(
    ${name}
    CMAKE_ARGS -DCMAKE_INSTALL_PREFIX=\${CMAKE_INSTALL_PREFIX} -DCMAKE_PREFIX_PATH=\${CMAKE_INSTALL_PREFIX}
               \${own_CMAKE_ARGS}
    INSTALL_COMMAND \${CMAKE_COMMAND} -E rm -rf \${stage}
    COMMAND \${CMAKE_COMMAND} -E env DESTDIR=\${stage} \${own_STAGE_COMMAND}
    COMMAND \${join}
    ${others})")
endfunction()
