// Scan: the whole of a table or index, or one of its segments, each a range of key hashes.
#include "base/coding.h"
#include "dataplane/page.h"
#include "dataplane/read.h"
#include "errors/dataplane.h"

namespace stator::dataplane {
namespace {

// The first hash of segment `segment`: floor(segment * 2^64 / segments).
std::string SegmentStart(int64_t segment, int64_t segments) {
  __extension__ using Wide = unsigned __int128;
  const Wide start = (static_cast<Wide>(segment) << 64) / static_cast<Wide>(segments);
  std::string out;
  PutBig64(&out, static_cast<uint64_t>(start));
  return out;
}

internal::Bounds RangeOf(const ScanRequest& request) {
  internal::Bounds bounds;
  if (request.segment > 0) bounds.from = SegmentStart(request.segment, request.segments);
  if (request.segment + 1 < request.segments) bounds.to = SegmentStart(request.segment + 1, request.segments);
  return bounds;
}

Status Resume(const ScanRequest& request, internal::Bounds* bounds) {
  if (request.start_key.empty()) return {};
  const Result<std::string> named = internal::StartKey(request);
  if (!named.ok()) {
    // Where Query only says that it is invalid, a Scan of a table says why.
    const bool count = named.error().id == errors::kStartKeyInvalid;
    return count && !request.index ? internal::UnfitStartKey() : named.error();
  }
  const std::string& start = *named;
  if (start < bounds->from || (!bounds->to.empty() && start >= bounds->to)) {
    return Fail(errors::kStartKeySegment, request.segments, request.segment);
  }
  bounds->from = start + '\0';
  return {};
}

}  // namespace

Task<Result<PageResult>> Scan(const Reader& reader, const ScanRequest& request, Lane& lane, Sink each) {
  STATOR_CO_OK(internal::CheckPage(request));
  STATOR_CO_OK(CheckPaths(*request.table, request.nested));
  internal::Bounds bounds = RangeOf(request);
  STATOR_CO_OK(Resume(request, &bounds));
  STATOR_CO_TRY(PageResult result,
                co_await internal::WalkPage(reader, request, std::move(bounds), engine::Order::kForward, lane, each));
  co_return result;
}

}  // namespace stator::dataplane
