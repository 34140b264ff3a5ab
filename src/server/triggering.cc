#include "server/triggering.h"

#include <utility>

namespace stator::server {

Result<std::unique_ptr<triggers::Triggers>> OpenTriggers(const Config& config, engine::Engine& engine,
                                                         streams::Streams& streams,
                                                         const functions::Functions& functions, Running& running,
                                                         metrics::MetricSink& metrics, const Clock& clock) {
  triggers::Options options;
  options.back_off = {config.mapping_retry, config.mapping_retry_cap};
  options.state_delay = config.state_delay;
  triggers::Deliver deliver = [&destinations = running.destinations()](std::string destination, std::string record,
                                                                       std::string request_id, std::string key,
                                                                       Lane& lane) {
    return destinations.Deliver(std::move(destination), std::move(record), std::move(request_id), std::move(key), lane);
  };
  const triggers::Ports ports{engine, streams, functions, running.runner(), std::move(deliver), metrics, clock};
  return triggers::Triggers::Open(ports, options);
}

}  // namespace stator::server
