// Stopping a listener from a thread that may wait: at the end of a program, in tests.
#pragma once

#include <future>
#include <utility>

#include "http/listener.h"

namespace stator::http {

// Listener::Stop; the future is ready once it is done. Whoever waits for it is on no lane.
[[nodiscard]] inline std::future<void> StopListener(Listener& listener, Duration grace) {
  std::promise<void> stopped;
  std::future<void> done = stopped.get_future();
  listener.Stop(grace, [stopped = std::move(stopped)]() mutable { stopped.set_value(); });
  return done;
}

}  // namespace stator::http
