// `--apply tables.json`: the tables a server should have, created when they are missing.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/lane.h"
#include "dispatch/operation.h"
#include "errors/result.h"
#include "server/config.h"

namespace stator::server {

// The file holds one CreateTable request, a list of them, or {"Tables": [...]}. A table that is there is left as it is.
// Blocks until all are created; not on a lane. Fails on the first request that CreateTable refuses.
Status ApplyTables(const std::string& path, const Config& config, const dispatch::Registry& registry, Lane& lane,
                   const Clock& clock);

}  // namespace stator::server
