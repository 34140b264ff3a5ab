# One folder of src/ is one library; header, source and unit test lie side by side.
#
#   stator_folder(item DEPS json PRIVATE PkgConfig::XXHASH)
#
# DEPS are folders that stand above it (tests/tidy checks the includes against this list);
# PRIVATE are outside libraries that only its sources see. Its *_test.cc files become one
# program, <folder>_test, and are left out of the library.
set_property(GLOBAL PROPERTY STATOR_FOLDERS "")
# Of every unit test, in seconds: a hang is found, a busy machine under a sanitizer is not taken for one.
set(STATOR_UNIT_TEST LABELS unit TIMEOUT 600)

function(stator_target_name folder out)
  string(REPLACE "/" "_" name ${folder})
  set(${out} stator_${name} PARENT_SCOPE)
endfunction()

function(stator_folder folder)
  cmake_parse_arguments(ARG "" "" "DEPS;PUBLIC;PRIVATE;TEST_DEPS" ${ARGN})
  stator_target_name(${folder} target)
  set(dir ${CMAKE_SOURCE_DIR}/src/${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.cc)
  file(GLOB tests CONFIGURE_DEPENDS ${dir}/*_test.cc)
  if(folder STREQUAL "base")
    file(GLOB os CONFIGURE_DEPENDS ${dir}/os/*.cc)
    file(GLOB os_tests CONFIGURE_DEPENDS ${dir}/os/*_test.cc)
    list(APPEND sources ${os})
    list(APPEND tests ${os_tests})
  endif()
  if(tests)
    list(REMOVE_ITEM sources ${tests})
  endif()
  list(FILTER sources EXCLUDE REGEX "(_main|_twin)\\.cc$")

  set(deps)
  foreach(dep ${ARG_DEPS})
    stator_target_name(${dep} name)
    list(APPEND deps ${name})
  endforeach()
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(${target} PUBLIC ${deps} ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(${target} INTERFACE ${deps} ${ARG_PUBLIC})
  endif()
  set_property(GLOBAL APPEND PROPERTY STATOR_FOLDERS ${folder})

  if(STATOR_TESTS AND tests)
    # A *_twin.cc is a slow, obvious copy of something clever, linked only into tests.
    file(GLOB twins CONFIGURE_DEPENDS ${dir}/*_twin.cc)
    string(REPLACE "stator_" "" short ${target})
    set(test_deps)
    foreach(dep ${ARG_TEST_DEPS})
      stator_target_name(${dep} name)
      list(APPEND test_deps ${name})
    endforeach()
    add_executable(${short}_test ${tests} ${twins})
    target_link_libraries(${short}_test PRIVATE ${target} ${test_deps} ${ARG_PRIVATE} GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${short}_test TEST_PREFIX ${folder}/ DISCOVERY_TIMEOUT 60
                         PROPERTIES ${STATOR_UNIT_TEST})
  endif()
endfunction()
