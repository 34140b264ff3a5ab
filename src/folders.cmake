# The folders of src/ in dependency order: a folder includes only what stands above it.
# ARCHITECTURE.md says what each is for; tests/tidy/test_layers.py holds the includes against DEPS.
stator_folder(base PUBLIC Threads::Threads absl::any_invocable absl::base
              PRIVATE OpenSSL::Crypto PkgConfig::XXHASH spdlog::spdlog)
stator_folder(errors DEPS base)
stator_folder(json DEPS base errors PRIVATE simdjson::simdjson PkgConfig::XXHASH)
stator_folder(engine DEPS base errors PRIVATE PkgConfig::XXHASH)
stator_folder(engine/memory DEPS base errors engine PRIVATE absl::btree absl::flat_hash_map)
stator_folder(engine/rocksdb DEPS base errors engine PRIVATE RocksDB::rocksdb-shared PkgConfig::XXHASH)
stator_folder(engine/fault DEPS base errors engine engine/memory engine/rocksdb PRIVATE RocksDB::rocksdb-shared)
stator_folder(records DEPS base errors engine TEST_DEPS engine/memory)
stator_folder(metrics DEPS base errors json engine records TEST_DEPS engine/memory)
stator_folder(logs DEPS base errors json engine records PRIVATE absl::flat_hash_map
              TEST_DEPS engine/memory engine/rocksdb)
stator_folder(item DEPS base errors json PRIVATE PkgConfig::XXHASH)
stator_folder(expression DEPS base errors json item)
stator_folder(partiql DEPS base errors json item expression)
stator_folder(catalog DEPS base errors json engine records item TEST_DEPS engine/memory)
stator_folder(streams DEPS base errors json engine records item catalog
              TEST_DEPS engine/memory engine/rocksdb engine/fault)
stator_folder(table DEPS base errors engine records item catalog streams TEST_DEPS engine/memory engine/rocksdb engine/fault
              json)
stator_folder(dataplane DEPS base errors item expression catalog table engine TEST_DEPS engine/memory)
stator_folder(statements DEPS base errors item expression partiql catalog table dataplane engine
              TEST_DEPS engine/memory json streams)
stator_folder(sigv4 DEPS base errors PRIVATE OpenSSL::Crypto)
stator_folder(http DEPS base errors PRIVATE OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB
              PkgConfig::LIBDEFLATE)
stator_folder(functions DEPS base errors json engine records sigv4 PRIVATE PkgConfig::LIBZIP TEST_DEPS engine/memory)
stator_folder(runtime DEPS base errors json engine records logs metrics http functions TEST_DEPS engine/memory)
# The bootstraps of Python and Node.js functions travel inside the program: each file becomes one raw string.
set(RUNTIME_BOOTSTRAPS "")
foreach(name bootstrap.py bootstrap.mjs)
  set(path ${CMAKE_SOURCE_DIR}/src/runtime/bootstrap/${name})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
  file(READ ${path} text)
  string(APPEND RUNTIME_BOOTSTRAPS "      {\"${name}\", R\"===(${text})===\"},\n")
endforeach()
configure_file(src/runtime/bootstraps.cc.in runtime_bootstraps.cc @ONLY)
target_sources(stator_runtime PRIVATE ${CMAKE_BINARY_DIR}/runtime_bootstraps.cc)
stator_folder(triggers DEPS base errors json engine records metrics item catalog streams functions runtime
              TEST_DEPS engine/memory table)
stator_folder(pools DEPS base errors json engine records sigv4 PRIVATE OpenSSL::Crypto TEST_DEPS engine/memory)
stator_folder(dispatch DEPS base errors json item http)
stator_folder(services/dynamodb DEPS base errors json engine item expression partiql catalog streams table dataplane
              statements dispatch TEST_DEPS engine/memory http)
stator_folder(services/lambda DEPS base errors json engine catalog streams sigv4 http functions runtime triggers
              dispatch TEST_DEPS engine/memory)
stator_folder(services/logs DEPS base errors json engine logs dispatch TEST_DEPS engine/memory http)
stator_folder(services/cloudwatch DEPS base errors json engine metrics dispatch TEST_DEPS engine/memory http)
stator_folder(services/cognito DEPS base errors json engine sigv4 functions runtime http pools dispatch
              TEST_DEPS engine/memory)
stator_folder(services/autoscaling DEPS base errors json dispatch)
stator_folder(server DEPS base errors json engine engine/memory engine/rocksdb records item catalog streams table
              dataplane http logs metrics functions runtime triggers dispatch services/dynamodb services/lambda
              services/logs services/cloudwatch services/autoscaling pools services/cognito)
stator_folder(client DEPS base errors json sigv4 PRIVATE PkgConfig::CURL)
stator_folder(cli DEPS base errors json client)

# The smallest server behind `http`; bench/ measures it.
add_executable(http_echo src/http/echo_main.cc)
target_link_libraries(http_echo PRIVATE stator_http)

# The commands of `stator` that talk to a running server.
add_executable(stator-cli src/cli/stator_cli_main.cc)
target_link_libraries(stator-cli PRIVATE stator_cli)

# The programs. stator-cli, the commands that speak to a running server, stands apart so that the server links no HTTP
# client: it starts faster and stays smaller.
add_executable(stator src/server/stator_main.cc)
target_link_libraries(stator PRIVATE stator_server)
target_compile_definitions(stator_server PRIVATE STATOR_VERSION="${PROJECT_VERSION}")

# Writes docs/operations.md.
add_executable(stator_describe src/server/describe_main.cc)
target_link_libraries(stator_describe PRIVATE stator_server)

# What is called now and then is made small: code takes memory, too.
foreach(folder functions pools server services/lambda services/logs services/cloudwatch services/cognito)
  stator_target_name(${folder} name)
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-Os>)
endforeach()
