#include "services/lambda/mapping_settings.h"

#include "errors/dispatch.h"
#include "errors/triggers.h"
#include "json/lenient.h"
#include "runtime/destinations.h"

namespace stator::services::lambda {
namespace {

using json::Given;

void ReadNumber(json::Value request, Bytes name, int* setting) {
  const json::Value value = Given(request, name);
  if (value.valid()) *setting = static_cast<int>(json::WholeNumber(value));
}

void ReadFlag(json::Value request, Bytes name, bool* setting) {
  const json::Value value = Given(request, name);
  if (value.valid()) *setting = json::Truth(value);
}

Status AtLeastMinusOne(int value, Bytes member) {
  if (value >= -1) return {};
  return Fail(
      errors::kConstraints, 1, "",
      Fail(errors::kConstraintAt, " '" + std::to_string(value) + "'", member, Fail(errors::kMemberTooSmall, -1).text)
          .text);
}

Status ReadFilters(json::Value request, std::vector<std::string>* filters) {
  const json::Value criteria = Given(request, "FilterCriteria");
  if (!criteria.valid()) return {};
  filters->clear();
  const json::Value list = Given(criteria, "Filters");
  if (!list.valid()) return {};
  for (const json::Value filter : list.elements()) {
    const json::Value pattern = filter.is_object() ? Given(filter, "Pattern") : json::Value();
    if (!pattern.valid()) return Fail(errors::kFilterPatternInvalid);
    filters->emplace_back(pattern.text());
  }
  return {};
}

Status ReadDestination(json::Value request, std::string* destination) {
  const json::Value config = Given(request, "DestinationConfig");
  if (!config.valid()) return {};
  destination->clear();
  const json::Value on_failure = Given(config, "OnFailure");
  const json::Value arn = on_failure.valid() ? Given(on_failure, "Destination") : json::Value();
  if (!arn.valid() || arn.text().empty()) return {};
  if (!runtime::IsDestination(arn.text())) return Fail(errors::kMappingDestination, arn.text());
  destination->assign(arn.text());
  return {};
}

void WriteFilters(const triggers::Settings& settings, json::Writer& out) {
  if (settings.filters.empty()) return;
  out.Key("FilterCriteria").BeginObject().Key("Filters").BeginArray();
  for (const std::string& pattern : settings.filters) {
    out.BeginObject().Key("Pattern").String(pattern).EndObject();
  }
  out.EndArray().EndObject();
}

void WriteSettings(const triggers::Settings& settings, json::Writer& out) {
  out.Key("BatchSize").Int(settings.batch_size);
  out.Key("MaximumBatchingWindowInSeconds").Int(settings.batching_window_seconds);
  out.Key("ParallelizationFactor").Int(settings.parallelization_factor);
  out.Key("MaximumRecordAgeInSeconds").Int(settings.maximum_record_age_seconds);
  out.Key("MaximumRetryAttempts").Int(settings.maximum_retries);
  out.Key("BisectBatchOnFunctionError").Bool(settings.bisect_on_error);
  out.Key("TumblingWindowInSeconds").Int(settings.tumbling_window_seconds);
  out.Key("DestinationConfig").BeginObject().Key("OnFailure").BeginObject();
  if (!settings.on_failure.empty()) out.Key("Destination").String(settings.on_failure);
  out.EndObject().EndObject();
  out.Key("FunctionResponseTypes").BeginArray();
  if (settings.report_item_failures) out.String("ReportBatchItemFailures");
  out.EndArray();
  WriteFilters(settings, out);
}

}  // namespace

Status ReadSettings(json::Value request, triggers::Settings* settings) {
  ReadNumber(request, "BatchSize", &settings->batch_size);
  ReadNumber(request, "MaximumBatchingWindowInSeconds", &settings->batching_window_seconds);
  ReadNumber(request, "ParallelizationFactor", &settings->parallelization_factor);
  ReadNumber(request, "TumblingWindowInSeconds", &settings->tumbling_window_seconds);
  ReadNumber(request, "MaximumRetryAttempts", &settings->maximum_retries);
  ReadNumber(request, "MaximumRecordAgeInSeconds", &settings->maximum_record_age_seconds);
  ReadFlag(request, "BisectBatchOnFunctionError", &settings->bisect_on_error);
  const json::Value types = Given(request, "FunctionResponseTypes");
  if (types.valid()) settings->report_item_failures = types.size() > 0;
  STATOR_OK(AtLeastMinusOne(settings->maximum_retries, "maximumRetryAttempts"));
  STATOR_OK(AtLeastMinusOne(settings->maximum_record_age_seconds, "maximumRecordAgeInSeconds"));
  const int age = settings->maximum_record_age_seconds;
  if (age >= 0 && age < 60) return Fail(errors::kMappingRecordAge, age);
  STATOR_OK(ReadDestination(request, &settings->on_failure));
  return ReadFilters(request, &settings->filters);
}

void WriteMapping(const triggers::MappingView& view, json::Writer& out) {
  const triggers::Mapping& mapping = *view.mapping;
  out.BeginObject();
  out.Key("UUID").String(mapping.uuid);
  out.Key("EventSourceMappingArn").String(mapping.arn);
  out.Key("EventSourceArn").String(mapping.stream_arn);
  out.Key("FunctionArn").String(mapping.function_arn);
  out.Key("StartingPosition").String(mapping.latest ? "LATEST" : "TRIM_HORIZON");
  WriteSettings(mapping.settings, out);
  out.Key("LastModified").Millis(mapping.last_modified.millis());
  out.Key("LastProcessingResult").String(triggers::NameOf(view.last_result));
  out.Key("State").String(triggers::NameOf(view.state));
  out.Key("StateTransitionReason").String("User action");
  out.EndObject();
}

}  // namespace stator::services::lambda
