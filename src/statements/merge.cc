// Each hash key is read in pieces, in the order of the range attribute; the page takes whichever has the next row. Rows
// that are alike in that attribute come in the order of the hash keys, so that one row says where a page ended: hash
// keys before its own go on behind its value of the attribute, those after it at that value.
// Tests: select_test.cc.
#include "statements/merge.h"

#include <algorithm>
#include <compare>
#include <deque>

#include "errors/statements.h"
#include "table/key_layout.h"

namespace stator::statements::internal {
namespace {

using expression::KeyComparison;
using item::ItemView;
using item::ValueView;

// Room for the rows that are read ahead, of all hash keys together and of one.
constexpr size_t kAheadBytes = dataplane::kPageBytes;
constexpr size_t kLeastPieceBytes = 32 * 1024;

// The rows of one hash key.
struct Run {
  dataplane::QueryRequest request;
  std::deque<std::string> rows;  // read and not yet taken, stored form
  bool more = true;              // behind them
};

class Merge {
 public:
  Merge(const dataplane::Reader& reader, const SelectPlan& plan, SelectOptions options, Lane& lane,
        dataplane::Sink each)
      : reader_(reader), plan_(plan), options_(std::move(options)), lane_(lane), each_(each) {
    runs_.resize(plan.partitions.size());
    const bool go_on = options_.after && Fits(*options_.after);
    for (size_t i = 0; i < runs_.size(); ++i) {
      runs_[i].request = QueryOf(plan, i, options_.consistent);
      runs_[i].request.filter.reset();
      runs_[i].request.limit = options_.limit;
      runs_[i].request.max_bytes = std::max(kAheadBytes / runs_.size(), kLeastPieceBytes);
      if (go_on) GoOn(i, *options_.after);
    }
  }

  Task<Result<SelectResult>> Page() {
    if (options_.after && !Fits(*options_.after)) co_return Fail(errors::kNextTokenMismatch);
    for (Run& run : runs_) STATOR_CO_OK(co_await Fill(run));
    for (Run* next = Least(); next; next = Least()) {
      Take(*next);
      if (Full()) {
        result_.next = Position{static_cast<uint32_t>(next - runs_.data()), std::move(last_key_)};
        break;
      }
      STATOR_CO_OK(co_await Fill(*next));
    }
    co_return std::move(result_);
  }

 private:
  // Whether a page can have ended there.
  bool Fits(const Position& after) const {
    const ValueView value = ItemView(after.key).Find(plan_.merge_by);
    return value.valid() && value.tag() == plan_.merge_type;
  }

  // Where that hash key goes on when the page before ended at `after`.
  void GoOn(size_t at, const Position& after) {
    dataplane::QueryRequest& request = runs_[at].request;
    if (at == after.partition) {
      request.start_key = after.key;
      return;
    }
    const bool behind = at < after.partition;
    KeyComparison::Op op = behind ? KeyComparison::Op::kLess : KeyComparison::Op::kLessOrEqual;
    if (plan_.forward) op = behind ? KeyComparison::Op::kGreater : KeyComparison::Op::kGreaterOrEqual;
    const ValueView value = ItemView(after.key).Find(plan_.merge_by);
    request.range.push_back({plan_.merge_by, op, std::string(value.encoded()), {}});
  }

  // Sees to it that the run has its next row, if there is one.
  Task<Status> Fill(Run& run) {
    while (run.rows.empty() && run.more) {
      const auto keep = [&](ItemView row) { run.rows.emplace_back(row.stored()); };
      STATOR_CO_TRY(dataplane::PageResult page, co_await dataplane::Query(reader_, run.request, lane_, keep));
      result_.capacity.Add(page.capacity);
      run.more = !page.last_key.empty();
      run.request.start_key = std::move(page.last_key);
    }
    co_return Status();
  }

  // The run whose row is next; null if there are none.
  Run* Least() {
    Run* least = nullptr;
    for (Run& run : runs_) {
      if (!run.rows.empty() && (!least || Before(run.rows.front(), least->rows.front()))) least = &run;
    }
    return least;
  }

  bool Before(Bytes a, Bytes b) const {
    const auto order = item::CompareSameType(ItemView(a).Find(plan_.merge_by), ItemView(b).Find(plan_.merge_by));
    return order && (plan_.forward ? std::is_lt(*order) : std::is_gt(*order));
  }

  void Take(Run& run) {
    const std::string row = std::move(run.rows.front());
    run.rows.pop_front();
    const ItemView item(row);
    if (!plan_.filter || plan_.filter->Evaluate(item)) each_(item);
    ++taken_;
    bytes_ += item.size_bytes();
    if (Full()) last_key_ = table::KeyItem(*plan_.table, plan_.index, item);
  }

  bool Full() const { return (options_.limit && taken_ >= *options_.limit) || bytes_ >= dataplane::kPageBytes; }

  const dataplane::Reader& reader_;
  const SelectPlan& plan_;
  const SelectOptions options_;
  Lane& lane_;
  dataplane::Sink each_;
  std::vector<Run> runs_;
  SelectResult result_;
  std::string last_key_;
  int64_t taken_ = 0;
  size_t bytes_ = 0;
};

}  // namespace

Task<Result<SelectResult>> RunMerged(const dataplane::Reader& reader, const SelectPlan& plan, SelectOptions options,
                                     Lane& lane, dataplane::Sink each) {
  Merge merge(reader, plan, std::move(options), lane, each);
  STATOR_CO_TRY(SelectResult result, co_await merge.Page());
  co_return result;
}

}  // namespace stator::statements::internal
