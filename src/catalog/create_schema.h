// CreateTable's request to a schema.
#pragma once

#include "catalog/schema.h"
#include "catalog/validate_settings.h"
#include "errors/result.h"
#include "json/value.h"

namespace stator::catalog {

// Everything but spaces and states, which Catalog::Create gives. REQUIRES: the request has the shape of CreateTable.
Result<TableSchema> SchemaOfCreate(json::Value request, const Origin& origin);

}  // namespace stator::catalog
