#include "runtime_client/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace runtime_client {
namespace {

constexpr size_t kReadAtOnce = size_t{256} << 10;

bool EqualsLower(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(text[i])) != lower[i]) return false;
  }
  return true;
}

}  // namespace

std::string_view Reply::Header(std::string_view lower_name) const {
  std::string_view rest = head;
  while (!rest.empty()) {
    const size_t end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 2);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || !EqualsLower(line.substr(0, colon), lower_name)) continue;
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    return value;
  }
  return {};
}

Connection::~Connection() { Close(); }

void Connection::Close() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
  in_.clear();
}

bool Connection::Open() {
  const size_t colon = host_port_.rfind(':');
  if (colon == std::string::npos) return false;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(std::atoi(host_port_.c_str() + colon + 1)));
  if (inet_pton(AF_INET, host_port_.substr(0, colon).c_str(), &address.sin_addr) != 1) return false;
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd_ >= 0 && connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool Connection::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

bool Connection::Fill() {
  const size_t before = in_.size();
  in_.resize(before + kReadAtOnce);
  ssize_t n;
  do {
    n = recv(fd_, in_.data() + before, kReadAtOnce, 0);
  } while (n < 0 && errno == EINTR);
  in_.resize(before + static_cast<size_t>(n > 0 ? n : 0));
  return n > 0;
}

bool Connection::Receive(Reply* reply) {
  size_t end;
  while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return false;
  }
  reply->head.assign(in_, 0, end + 2);
  in_.erase(0, end + 4);
  if (reply->head.size() < 12) return false;
  reply->status = std::atoi(reply->head.c_str() + 9);
  const std::string_view length = reply->Header("content-length");
  const size_t size = length.empty() ? 0 : std::strtoul(length.data(), nullptr, 10);
  while (in_.size() < size) {
    if (!Fill()) return false;
  }
  reply->body.assign(in_, 0, size);
  in_.erase(0, size);
  return true;
}

void Connection::Call(std::string_view method, std::string_view path, std::string_view more, std::string_view body,
                      Reply* reply) {
  reply->status = 0;
  out_.assign(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: ").append(host_port_).append("\r\n");
  out_.append(more).append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  if (fd_ < 0 && !Open()) return Close();
  if (Send(out_) && Receive(reply)) return;
  reply->status = 0;
  Close();
}

}  // namespace runtime_client
