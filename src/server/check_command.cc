#include "server/check_command.h"

#include <sys/stat.h>

#include <cstdio>

#include "catalog/catalog.h"
#include "engine/rocksdb/rocksdb_engine.h"
#include "errors/server.h"
#include "json/writer.h"
#include "server/data_folder.h"
#include "streams/streams.h"
#include "table/check.h"
#include "table/check_stream.h"

namespace stator::server {
namespace {

struct Outcome {
  size_t tables = 0;
  table::CheckReport report;
};

Result<Outcome> CheckStore(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) return Fail(errors::kCheckNoFolder, path);
  const Clock clock;
  engine::RocksOptions options;
  options.path = path;
  options.beside = FoldersBesideDatabase();
  STATOR_TRY(const std::unique_ptr<engine::Engine> engine, engine::OpenRocksEngine(options, clock));
  STATOR_TRY(const auto catalog, catalog::Catalog::Open(*engine, clock, {}));
  STATOR_TRY(const std::unique_ptr<engine::View> view, engine->Snapshot());
  Outcome outcome;
  for (const catalog::TableRef& table : catalog->All()) {
    ++outcome.tables;
    STATOR_OK(table::CheckTable(*view, *table, &outcome.report));
  }
  STATOR_TRY(const auto streams, streams::Streams::Open(*engine, *catalog, clock, {}));
  for (const streams::StreamRef& stream : streams->List(catalog::kSharedNamespace, {}, {}, SIZE_MAX)) {
    const catalog::TableRef table = stream->enabled ? catalog->Find(stream->name_space, stream->table) : nullptr;
    STATOR_OK(table::CheckStream(*engine, *stream, table.get(), &outcome.report));
  }
  return outcome;
}

void PrintJson(const std::string& path, const Outcome& outcome) {
  std::string text;
  json::Writer out(&text);
  out.BeginObject().Key("data").String(path).Key("clean").Bool(outcome.report.faults == 0);
  out.Key("tables").Int(static_cast<int64_t>(outcome.tables));
  out.Key("items").Int(static_cast<int64_t>(outcome.report.items));
  out.Key("index_entries").Int(static_cast<int64_t>(outcome.report.index_rows));
  out.Key("expiries").Int(static_cast<int64_t>(outcome.report.expiries));
  out.Key("changes").Int(static_cast<int64_t>(outcome.report.changes));
  out.Key("faults").Int(static_cast<int64_t>(outcome.report.faults)).Key("messages").BeginArray();
  for (const std::string& message : outcome.report.messages) out.String(message);
  out.EndArray().EndObject();
  std::printf("%s\n", text.c_str());
}

void PrintText(const std::string& path, const Outcome& outcome) {
  for (const std::string& message : outcome.report.messages) std::printf("fault: %s\n", message.c_str());
  std::printf("%s: %zu tables, %llu items, %llu index entries, %llu changes: %s\n", path.c_str(), outcome.tables,
              static_cast<unsigned long long>(outcome.report.items),
              static_cast<unsigned long long>(outcome.report.index_rows),
              static_cast<unsigned long long>(outcome.report.changes),
              outcome.report.faults == 0 ? "clean" : (std::to_string(outcome.report.faults) + " faults").c_str());
}

}  // namespace

int CheckFolder(const std::string& path, bool json) {
  const auto outcome = CheckStore(path);
  if (!outcome.ok()) {
    std::fprintf(stderr, "stator: %s\n", outcome.error().text.c_str());
    return 1;
  }
  json ? PrintJson(path, *outcome) : PrintText(path, *outcome);
  return outcome->report.faults == 0 ? 0 : 1;
}

}  // namespace stator::server
