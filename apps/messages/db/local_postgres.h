// `cruddur db start` and `stop`: a PostgreSQL server of one's own in a folder, on a port of this machine only.
#pragma once

#include <string>

#include "errors/result.h"
#include "session.h"

namespace stator::messages {

struct PostgresOptions {
  std::string folder;  // empty: beside the directory's SQLite file; as root, who may not run it, below /var/lib
  int port = 0;        // 0: that of the last start, at first kFirstPort
  bool print_sql = false;
};
constexpr int kFirstPort = 5442;  // 5432 is often taken, by the system's own

// Makes the folder on the first start, with a random password in it; waits until connections are accepted; prints
// DATABASE_URL for a shell to evaluate. One that runs is kept. As root it runs as `postgres`, or `nobody` where there
// is no such user.
Status DbStart(Session&, const PostgresOptions&);
// Waits until it has ended; one that does not run is fine.
Status DbStop(Session&, const PostgresOptions&);

}  // namespace stator::messages
