// The little of HTTP/1.1 that the Runtime API needs: one connection, kept open, one request at a time.
#pragma once

#include <string>
#include <string_view>

namespace runtime_client {

struct Reply {
  int status = 0;  // 0: the connection is gone
  std::string head;
  std::string body;

  // The value of that header (lower case), or empty.
  std::string_view Header(std::string_view lower_name) const;
};

class Connection {
 public:
  // `host_port`: "127.0.0.1:9001", as AWS_LAMBDA_RUNTIME_API says.
  explicit Connection(std::string host_port) : host_port_(std::move(host_port)) {}
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // `more`: header lines with their ends. Connects when it is not; does not try twice. `reply` keeps its buffers.
  void Call(std::string_view method, std::string_view path, std::string_view more, std::string_view body, Reply* reply);

 private:
  bool Open();
  void Close();
  bool Send(std::string_view bytes);
  bool Receive(Reply* reply);
  bool Fill();

  std::string host_port_;
  int fd_ = -1;
  std::string out_;
  std::string in_;  // read and not yet used
};

}  // namespace runtime_client
