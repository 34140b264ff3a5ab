// Where the code of functions lies: FOLDER/NAME/ID holds what a zip held, FOLDER/NAME/ID.zip the zip itself.
// docs/formats/functions.md.
//
// A folder that no record names is rubbish: code is unpacked under a temporary name, synced and renamed before its
// record is committed, and marked unused once no version names it. Rubbish goes when the last holder of its Kept lets
// go, or at the next start.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/lane.h"
#include "errors/result.h"

namespace stator::functions {

// Keeps one code folder from being removed.
class Kept;
using KeptRef = std::shared_ptr<Kept>;

// Threads: any; Unpack, ReadZip, Open and RemoveOthers work on files and block.
class CodeStore {
 public:
  struct Unpacked {
    std::string id;
    std::string sha256;  // base64, of the zip
    int64_t size = 0;    // of the zip
    KeptRef kept;        // marked unused still
  };

  // `folder`: made when missing; empty: a temporary one, removed at the end.
  static Result<std::unique_ptr<CodeStore>> Open(const std::string& folder, WorkerPool& workers);
  ~CodeStore();

  Result<Unpacked> Unpack(const std::string& name, Bytes base64);
  Result<std::string> ReadZip(const std::string& name, const std::string& id) const;
  std::string FolderOf(const std::string& name, const std::string& id) const;

  // A folder that a record names, while the store is opened.
  KeptRef Adopt(const std::string& name, const std::string& id);
  // Removes what is not adopted. Before the first Unpack.
  void RemoveOthers();

  // Whether a version names the folder.
  static void SetUsed(Kept& kept, bool used);

 private:
  struct Janitor;
  friend class Kept;
  CodeStore(std::string folder, bool temporary, std::shared_ptr<Janitor> janitor);

  const std::string folder_;
  const bool temporary_;
  std::shared_ptr<Janitor> janitor_;
  std::vector<std::weak_ptr<Kept>> adopted_;
};

}  // namespace stator::functions
