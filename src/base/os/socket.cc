#include "base/os/socket.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

namespace stator {
namespace {

// An address of either family.
union Address {
  sockaddr any;
  sockaddr_in four;
  sockaddr_in6 six;
};

bool ParseAddress(const std::string& host, int port, Address* address, socklen_t* size) {
  std::memset(address, 0, sizeof *address);
  const auto network_port = htons(static_cast<uint16_t>(port));
  if (inet_pton(AF_INET, host.c_str(), &address->four.sin_addr) == 1) {
    address->four.sin_family = AF_INET;
    address->four.sin_port = network_port;
    *size = sizeof address->four;
    return true;
  }
  if (inet_pton(AF_INET6, host.c_str(), &address->six.sin6_addr) == 1) {
    address->six.sin6_family = AF_INET6;
    address->six.sin6_port = network_port;
    *size = sizeof address->six;
    return true;
  }
  return false;
}

std::string ToText(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  const void* bytes = address.any.sa_family == AF_INET6 ? static_cast<const void*>(&address.six.sin6_addr)
                                                        : static_cast<const void*>(&address.four.sin_addr);
  inet_ntop(address.any.sa_family, bytes, text, sizeof text);
  return text;
}

bool IsLoopback(const Address& address) {
  if (address.any.sa_family == AF_INET6) return IN6_IS_ADDR_LOOPBACK(&address.six.sin6_addr);
  return ntohl(address.four.sin_addr.s_addr) >> 24 == 127;
}

void SetOption(int fd, int level, int option) {
  const int on = 1;
  setsockopt(fd, level, option, &on, sizeof on);
}

Socket::Moved Judge(ssize_t result) {
  if (result >= 0) return {Socket::Outcome::kDone, static_cast<size_t>(result)};
  const bool not_now = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return {not_now ? Socket::Outcome::kNotNow : Socket::Outcome::kFailed, 0};
}

}  // namespace

void Socket::Close() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

Socket::Moved Socket::Receive(char* to, size_t size) {
  while (true) {
    const Moved moved = Judge(recv(fd_, to, size, 0));
    if (moved.outcome != Outcome::kNotNow || errno != EINTR) return moved;
  }
}

Socket::Moved Socket::Send(Bytes first, Bytes second) {
  while (true) {
    Moved moved;
    if (second.empty()) {
      moved = Judge(send(fd_, first.data(), first.size(), MSG_NOSIGNAL));
    } else {
      iovec pieces[] = {{const_cast<char*>(first.data()), first.size()},
                        {const_cast<char*>(second.data()), second.size()}};
      msghdr message{};
      message.msg_iov = pieces;
      message.msg_iovlen = 2;
      moved = Judge(sendmsg(fd_, &message, MSG_NOSIGNAL));
    }
    if (moved.outcome != Outcome::kNotNow || errno != EINTR) return moved;
  }
}

void Socket::FinishSending() { shutdown(fd_, SHUT_WR); }

Listening ListenOn(const std::string& host, int port, int backlog) {
  Listening result;
  Address address;
  socklen_t size = 0;
  if (!ParseAddress(host, port, &address, &size)) {
    result.outcome = ListenOutcome::kNotAnAddress;
    return result;
  }
  Socket socket(::socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.open()) {
    SetOption(socket.fd(), SOL_SOCKET, SO_REUSEADDR);
    if (address.any.sa_family == AF_INET6) SetOption(socket.fd(), IPPROTO_IPV6, IPV6_V6ONLY);
    SetOption(socket.fd(), IPPROTO_TCP, TCP_NODELAY);  // accepted sockets inherit it
    if (bind(socket.fd(), &address.any, size) == 0 && listen(socket.fd(), backlog) == 0 &&
        getsockname(socket.fd(), &address.any, &size) == 0) {
      result.outcome = ListenOutcome::kDone;
      result.port = ntohs(address.any.sa_family == AF_INET6 ? address.six.sin6_port : address.four.sin_port);
      result.socket = std::move(socket);
      return result;
    }
  }
  result.outcome = errno == EADDRINUSE ? ListenOutcome::kTaken : ListenOutcome::kFailed;
  result.reason = std::system_category().message(errno);
  return result;
}

AcceptOutcome AcceptFrom(const Socket& listening, Accepted* accepted) {
  Address address;
  socklen_t size = sizeof address;
  accepted->socket = Socket(accept4(listening.fd(), &address.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!accepted->socket.open()) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) return AcceptOutcome::kNotNow;
    const bool scarce = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    return scarce ? AcceptOutcome::kNoResources : AcceptOutcome::kLost;
  }
  accepted->peer = ToText(address);
  size = sizeof address;
  accepted->loopback = getsockname(accepted->socket.fd(), &address.any, &size) == 0 && IsLoopback(address);
  return AcceptOutcome::kDone;
}

std::vector<std::string> ResolveHost(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  std::vector<std::string> addresses;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return addresses;
  for (const addrinfo* each = found; each; each = each->ai_next) {
    Address address{};
    if (each->ai_addrlen > sizeof address) continue;
    std::memcpy(&address, each->ai_addr, each->ai_addrlen);
    addresses.push_back(ToText(address));
  }
  freeaddrinfo(found);
  return addresses;
}

Socket BeginConnect(const std::string& address_text, int port) {
  Address address;
  socklen_t size = 0;
  if (!ParseAddress(address_text, port, &address, &size)) return {};
  Socket socket(::socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.open()) return {};
  SetOption(socket.fd(), IPPROTO_TCP, TCP_NODELAY);
  if (connect(socket.fd(), &address.any, size) != 0 && errno != EINPROGRESS) return {};
  return socket;
}

std::string Socket::ConnectFailure() const {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  return error == 0 ? std::string() : std::system_category().message(error);
}

void IgnoreBrokenPipes() { std::signal(SIGPIPE, SIG_IGN); }

}  // namespace stator
