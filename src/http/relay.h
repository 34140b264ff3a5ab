// Bytes between a client and another host, both ways.
//
// Each way has one small buffer and reads on only when that is written: the slower side sets the pace. One side's end
// is passed on and the other way stays open, until both have ended, one breaks, or nothing has moved for a while.
//
// Threads: its lane.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/callback.h"
#include "base/lane.h"
#include "base/os/socket.h"
#include "base/timer_wheel.h"
#include "http/codec.h"
#include "http/transport.h"

namespace stator::http {

// Which bytes from the client go on to the host.
class Passage {
 public:
  static Passage All() { return Passage(Kind::kAll, 0); }
  static Passage Length(uint64_t bytes) { return Passage(Kind::kLength, bytes); }
  static Passage Chunked() { return Passage(Kind::kChunked, 0); }

  // How many of these, the next ones, do. Fewer than all: the last. Malformed chunks are no body: broken().
  size_t Take(Bytes bytes);
  bool ended() const { return ended_; }
  bool endless() const { return kind_ == Kind::kAll; }
  bool broken() const { return broken_; }

 private:
  enum class Kind { kAll, kLength, kChunked };
  Passage(Kind kind, uint64_t left) : kind_(kind), left_(left), ended_(kind == Kind::kLength && left == 0) {}

  Kind kind_;
  uint64_t left_;
  ChunkDecoder chunks_;
  std::string decoded_;
  bool ended_;
  bool broken_ = false;
};

class Relay final : private TimerWheel::Timer {
 public:
  static constexpr size_t kBuffers = size_t{32} << 10;  // what it costs in memory

  // `done(broken)` is called once, last, never from inside Begin, and may destroy the relay; the client's transport
  // lives on. `client` is the caller's, who hands on what it tells its user.
  Relay(Transport& client, Socket host, Lane& lane, Passage passage, Duration idle_time, Callback<bool> done);
  ~Relay() override;

  // `to_host` is sent first. `passage` has taken of it what it counts.
  void Begin(std::string to_host);
  void OnClientRead(size_t bytes) { OnRead(up_, bytes); }
  void OnClientWritten(bool ok) { OnWritten(down_, ok); }

 private:
  // One way.
  struct Pipe {
    Transport* from = nullptr;
    Transport* to = nullptr;
    std::unique_ptr<char[]> buffer;
    bool waits = false;  // for OnRead or OnWritten
    bool ended = false;
  };
  struct HostUser final : Transport::User {
    explicit HostUser(Relay& its_relay) : relay(its_relay) {}
    void OnRead(size_t bytes) override { relay.OnRead(relay.down_, bytes); }
    void OnWritten(bool ok) override { relay.OnWritten(relay.up_, ok); }
    Relay& relay;
  };

  void OnTimer() override;
  void OnRead(Pipe& pipe, size_t bytes);
  void OnWritten(Pipe& pipe, bool ok);
  // False: broken.
  bool Pump(Pipe& pipe);
  bool Pass(Pipe& pipe, size_t bytes);
  bool Write(Pipe& pipe, Bytes bytes);
  bool End(Pipe& pipe);
  bool over() const;
  void Settle(bool alive);
  void Finish(bool broken);

  Lane& lane_;
  Passage passage_;
  const Duration idle_time_;
  Callback<bool> done_;
  HostUser host_user_;
  std::unique_ptr<Transport> host_;
  Pipe up_;    // client to host
  Pipe down_;  // host to client
  std::string first_;
  bool broken_ = false;
};

}  // namespace stator::http
