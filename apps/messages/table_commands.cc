#include "table_commands.h"

#include "client/json_text.h"
#include "client/progress.h"
#include "client/tables.h"
#include "json/writer.h"
#include "rows_read.h"
#include "text_table.h"

namespace stator::messages {

Status SchemaLoad(Session& session, bool if_missing) {
  bool created = true;
  auto description = client::CreateTable(*session.client, session.table, TableRequest(session.table));
  if (!description.ok() && if_missing && client::IsRemote(description.error(), "ResourceInUseException")) {
    created = false;
    description = client::DescribeTable(*session.client, session.table);
  }
  if (!description.ok()) return std::move(description).error();
  if (session.json) {
    Print(*description + "\n");
  } else {
    Print((created ? "created table " : "kept the existing table ") + session.table + " at " +
          session.target.endpoint.url + "\n");
  }
  return {};
}

Status ListAllTables(Session& session) {
  auto names = client::ListTables(*session.client);
  if (!names.ok()) return std::move(names).error();
  std::string out;
  if (session.json) {
    json::Writer writer(&out);
    writer.BeginObject().Key("TableNames").BeginArray();
    for (const std::string& name : *names) writer.String(name);
    writer.EndArray().EndObject();
    out.push_back('\n');
  } else {
    for (const std::string& name : *names) out.append(name).push_back('\n');
  }
  Print(out);
  if (names->empty() && !session.json && !session.quiet) {
    std::fprintf(stderr, "no tables at %s\n", session.target.endpoint.url.c_str());
  }
  return {};
}

Status Drop(Session& session) {
  STATOR_OK(client::DropTable(*session.client, session.table));
  std::string out;
  if (session.json) {
    json::Writer(&out).BeginObject().Key("Dropped").String(session.table).EndObject();
    out.push_back('\n');
  } else {
    out = "dropped table " + session.table + " at " + session.target.endpoint.url + "\n";
  }
  Print(out);
  return {};
}

namespace {

Status ScanAsJson(Session& session, uint64_t limit) {
  // Printed as it comes: {"Items": [...], "Count": n}
  uint64_t count = 0;
  bool begun = false;
  Status status = ScanItems(*session.client, session.table, [&](const json::Value& item) {
    std::string line = begun ? "," : "{\"Items\":[";
    begun = true;
    line.push_back('\n');
    client::AppendJson(&line, item);
    Print(line);
    return ++count != limit;
  });
  if (!status.ok()) return status;
  Print((begun ? "" : "{\"Items\":[") + std::string("\n],\"Count\":") + std::to_string(count) + "}\n");
  return {};
}

}  // namespace

Status ScanTable(Session& session, uint64_t limit) {
  if (session.json) return ScanAsJson(session, limit);
  constexpr size_t kRowsPerTable = 1000;  // columns line up within so many rows
  const auto head = [] { return TextTable({"PK", "SK", "WHO", "MESSAGE"}); };
  TextTable table = head();
  uint64_t count = 0;
  Status status = ScanItems(*session.client, session.table, [&](const json::Value& item) {
    const Row row = ReadRow(item);
    table.Add({std::string(Attribute(row, "pk")), std::string(Attribute(row, "sk")),
               std::string(Attribute(row, "user_handle")), Clipped(Attribute(row, "message"), 48)});
    if (++count % kRowsPerTable == 0) Print(std::exchange(table, head()).Render(PrintWidth()));
    return count != limit;
  });
  if (!status.ok()) return status;
  if (!table.empty()) Print(table.Render(PrintWidth()));
  Print(client::Grouped(count) + (count == 1 ? " row\n" : " rows\n"));
  return {};
}

}  // namespace stator::messages
