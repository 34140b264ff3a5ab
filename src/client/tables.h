// Tables as people think of them: creating is done when the table can be used, dropping when it is gone.
#pragma once

#include <string>
#include <vector>

#include "client/client.h"
#include "errors/result.h"

namespace stator::client {

// `request` is the JSON input of CreateTable for table `name`. Answers the description of the active table, the JSON
// of DescribeTable. Fails as Client::Call does (ResourceInUseException if it exists), or with kStillChanging.
Result<std::string> CreateTable(Client&, const std::string& name, Bytes request);

// Fails as Client::Call does (ResourceNotFoundException if there is none), or with kStillChanging.
Status DropTable(Client&, const std::string& name);

Result<std::string> DescribeTable(Client&, const std::string& name);

// All of them, in the service's order.
Result<std::vector<std::string>> ListTables(Client&);

}  // namespace stator::client
