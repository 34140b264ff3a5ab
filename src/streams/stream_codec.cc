// One line a field, the same for both directions: an Encoder appends what it is shown, a Decoder fills it.
// Tests: stream_codec_test.cc.
#include "streams/stream_codec.h"

#include "base/coding.h"
#include "errors/streams.h"
#include "records/records.h"

namespace stator::streams {
namespace {

constexpr uint64_t kMaxEntries = 1 << 20;  // of a list; more is damage

struct Encoder {
  std::string out;

  void Number(uint64_t v) { PutVarint(&out, v); }
  void Fixed(uint64_t v) { PutFixed64(&out, v); }
  void Text(Bytes text) { PutLengthPrefixed(&out, text); }
  template <class T, class Fn>
  void List(const std::vector<T>& list, Fn each) {
    PutVarint(&out, list.size());
    for (const T& element : list) each(element);
  }
};

struct Decoder {
  Bytes in;
  bool ok = true;

  template <class T>
  void Number(T& v) {
    uint64_t number = 0;
    ok = ok && GetVarint(&in, &number);
    if (ok) v = static_cast<T>(number);
  }
  template <class T>
  void Fixed(T& v) {
    uint64_t number = 0;
    ok = ok && GetFixed64(&in, &number);
    if (ok) v = static_cast<T>(number);
  }
  void Text(std::string& text) {
    Bytes bytes;
    ok = ok && GetLengthPrefixed(&in, &bytes);
    if (ok) text = bytes;
  }
  template <class T, class Fn>
  void List(std::vector<T>& list, Fn each) {
    uint64_t size = 0;
    ok = ok && GetVarint(&in, &size) && size <= kMaxEntries;
    for (uint64_t i = 0; ok && i < size; ++i) each(list.emplace_back());
  }
};

// `S` is Stream or const Stream, as the coder's direction asks.
template <class Coder, class S>
void Code(Coder& coder, S& stream) {
  const auto time = [&coder](auto& t) { coder.Fixed(t.micros); };
  const auto number = [&coder](auto& v) {
    if constexpr (std::is_same_v<Coder, Encoder>) {
      coder.Number(static_cast<uint64_t>(v));
    } else {
      coder.Number(v);
    }
  };
  const auto attribute = [&](auto& a) {
    coder.Text(a.name);
    number(a.type);
  };
  coder.Text(stream.arn);
  coder.Text(stream.table_id);
  number(stream.table_space);
  coder.List(stream.key.hash, attribute);
  coder.List(stream.key.range, attribute);
  number(stream.view);
  number(stream.enabled);
  time(stream.created);
  time(stream.disabled);
  coder.List(stream.shards, [&](auto& shard) {
    coder.Text(shard.id);
    coder.Text(shard.parent);
    number(shard.log);
    coder.Fixed(shard.first_hash);
    coder.Fixed(shard.last_hash);
    number(shard.first);
    number(shard.state);
    number(shard.last);
    time(shard.created);
    time(shard.ended);
  });
}

bool IsSound(const Stream& stream) {
  StreamArnParts parts;
  if (!SplitStreamArn(stream.arn, &parts) || stream.key.hash.empty() || stream.view > ViewType::kNewAndOldImages) {
    return false;
  }
  for (const Shard& shard : stream.shards) {
    if (shard.state > Shard::State::kClosed || shard.first == 0) return false;
  }
  return true;
}

records::Key KeyOf(const Stream& stream) {
  records::Key key(records::Kind::kStream);
  return key.Add(static_cast<uint64_t>(stream.name_space)).Add(stream.table).Add(stream.label);
}

}  // namespace

std::string EncodeStream(const Stream& stream) {
  Encoder coder;
  Code(coder, stream);
  return std::move(coder.out);
}

std::optional<Stream> DecodeStream(uint8_t version, Bytes bytes) {
  if (version != kStreamVersion) return std::nullopt;
  Stream stream;
  Decoder coder{bytes};
  Code(coder, stream);
  if (!coder.ok || !coder.in.empty() || !IsSound(stream)) return std::nullopt;
  return stream;
}

void PutStream(engine::Batch* batch, const Stream& stream) {
  records::Put(batch, KeyOf(stream), kStreamVersion, EncodeStream(stream));
}
void EraseStream(engine::Batch* batch, const Stream& stream) { records::Erase(batch, KeyOf(stream)); }

Result<std::vector<Stream>> LoadStreams(const engine::View& view) {
  std::vector<Stream> streams;
  const records::Key all(records::Kind::kStream);
  STATOR_OK(records::ForEach(view, all, [&streams](Bytes rest, const records::Record& record) -> Status {
    uint64_t name_space = 0;
    std::optional<Stream> stream = DecodeStream(record.version, record.payload);
    if (!stream || !records::NextPart(&rest, &name_space) || !records::NextPart(&rest, &stream->table) ||
        !records::NextPart(&rest, &stream->label)) {
      return Fail(errors::kStreamDamaged);
    }
    stream->name_space = catalog::NamespaceId{static_cast<uint32_t>(name_space)};
    streams.push_back(*std::move(stream));
    return {};
  }));
  return streams;
}

}  // namespace stator::streams
