// What the account may have, and where the service is: the service's defaults, and the name the region has.
#include "json/writer.h"
#include "services/dynamodb/model.h"
#include "services/dynamodb/table_ops.h"

namespace stator::services::dynamodb {
namespace {

using dispatch::Answer;
using dispatch::Call;

// The default quotas of the developer guide.
constexpr int64_t kAccountUnits = 80'000;
constexpr int64_t kTableUnits = 40'000;
constexpr int64_t kEndpointCacheMinutes = 1440;

Task<Answer> DescribeLimits(const Call& /*call*/) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject();
  out.Key("AccountMaxReadCapacityUnits").Int(kAccountUnits);
  out.Key("AccountMaxWriteCapacityUnits").Int(kAccountUnits);
  out.Key("TableMaxReadCapacityUnits").Int(kTableUnits);
  out.Key("TableMaxWriteCapacityUnits").Int(kTableUnits);
  out.EndObject();
  co_return Answer(std::move(reply));
}

Task<Answer> DescribeEndpoints(const Call& call) {
  std::string address = "dynamodb.";
  address.append(call.principal.region).append(".amazonaws.com");
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Endpoints").BeginArray().BeginObject();
  out.Key("Address").String(address);
  out.Key("CachePeriodInMinutes").Int(kEndpointCacheMinutes);
  out.EndObject().EndArray().EndObject();
  co_return Answer(std::move(reply));
}

}  // namespace

void RegisterAccountOps(dispatch::Registry& registry) {
  AddControlOperation(registry, "DescribeLimits", model::kDescribeLimitsInput, false, DescribeLimits);
  AddControlOperation(registry, "DescribeEndpoints", model::kDescribeEndpointsInput, false, DescribeEndpoints);
}

}  // namespace stator::services::dynamodb
