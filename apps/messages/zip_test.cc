#include "zip.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace stator::messages {
namespace {

TEST(Zip, IsReadByOthers) {
  const std::vector<ZipEntry> entries{{"bootstrap", std::string(100'000, '\x7f'), 0755}, {"a.txt", "", 0644}};
  const std::string zip = MakeZip(entries);
  EXPECT_EQ(MakeZip(entries), zip);
  std::string folder = "/tmp/stator-zip-test-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  std::ofstream(folder + "/f.zip", std::ios::binary) << zip;
  const std::string program =
      "import sys, zipfile\n"
      "z = zipfile.ZipFile(sys.argv[1])\n"
      "assert z.testzip() is None\n"
      "names = [(i.filename, i.file_size, oct(i.external_attr >> 16)) for i in z.infolist()]\n"
      "assert names == [('bootstrap', 100000, '0o100755'), ('a.txt', 0, '0o100644')], names\n";
  std::ofstream(folder + "/read.py") << program;
  EXPECT_EQ(std::system(("/usr/bin/python3 " + folder + "/read.py " + folder + "/f.zip").c_str()), 0);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace stator::messages
