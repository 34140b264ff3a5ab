// The pages under /_stator/: health, metrics, and the controls that tests may use.
#pragma once

#include "catalog/catalog.h"
#include "dispatch/dispatcher.h"
#include "engine/engine.h"
#include "http/listener.h"

namespace stator::server {

// GET /_stator/health and GET /_stator/metrics. Borrows everything.
void AddStatusPages(dispatch::Dispatcher& dispatcher, const engine::Engine& engine,
                    const std::function<http::ListenerFigures()>& figures);

// POST /_stator/reset: every table goes, at once. Only with --test-controls.
void AddTestControls(dispatch::Dispatcher& dispatcher, catalog::Catalog& catalog);

}  // namespace stator::server
