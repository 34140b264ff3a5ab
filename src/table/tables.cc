#include "table/tables.h"

#include "table/lifecycle.h"

namespace stator::table {

Tables::Tables(engine::Engine& engine, catalog::Catalog& catalog, const streams::Streams& streams, WorkerPool& workers)
    : engine_(engine),
      catalog_(catalog),
      workers_(workers),
      mutator_(engine, streams, sizes_),
      lifecycle_(std::make_unique<Lifecycle>(*this)) {
  catalog_.Observe(
      [this](const catalog::TableRef& before, const catalog::TableRef& after) { lifecycle_->OnChange(before, after); });
}

Tables::~Tables() = default;

Status Tables::Start(Lane& lane) { return lifecycle_->Start(lane); }
void Tables::StartExpiry(const Clock& clock, ExpiryOptions options) {
  expiry_ = std::make_unique<ExpiryKeeper>(engine_, catalog_, mutator_, clock, std::move(options));
  expiry_->Start();
}
void Tables::StopExpiry() {
  if (expiry_) expiry_->Stop();
}
Status Tables::Stop() { return lifecycle_->WriteSizes(); }

Size Tables::SizeOf(const catalog::TableSchema& table, const catalog::IndexSchema* index) const {
  return sizes_.Of(index ? index->space : table.space);
}

}  // namespace stator::table
