// The records of streams: docs/formats/streams.md describes every byte.
#pragma once

#include <vector>

#include "engine/engine.h"
#include "errors/result.h"
#include "streams/stream.h"

namespace stator::streams {

void PutStream(engine::Batch* batch, const Stream& stream);
void EraseStream(engine::Batch* batch, const Stream& stream);
Result<std::vector<Stream>> LoadStreams(const engine::View& view);

// For the two above and their tests.
inline constexpr uint8_t kStreamVersion = 1;
std::string EncodeStream(const Stream& stream);
std::optional<Stream> DecodeStream(uint8_t version, Bytes bytes);

}  // namespace stator::streams
