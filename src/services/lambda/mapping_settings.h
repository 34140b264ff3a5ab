// The settings of an event source mapping between JSON and triggers/mapping.h. Source: notes/lambda.md, section 2.1.
#pragma once

#include "errors/result.h"
#include "json/value.h"
#include "json/writer.h"
#include "triggers/triggers.h"

namespace stator::services::lambda {

// Takes what a request gives; what it leaves out stays as it is. `request` has passed its shape.
Status ReadSettings(json::Value request, triggers::Settings* settings);

// A mapping as every operation answers it.
void WriteMapping(const triggers::MappingView& view, json::Writer& out);

}  // namespace stator::services::lambda
