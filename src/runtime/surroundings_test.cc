#include "runtime/surroundings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stator::runtime {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(SurroundingsTest, NamesEachInTheWordsOfItsClients) {
  const auto variables = VariablesOf({"http://127.0.0.1:8000", "http://function:s@127.0.0.1:8000", "/d/bundle.pem"});
  EXPECT_THAT(variables, Contains(Pair("AWS_ENDPOINT_URL", "http://127.0.0.1:8000")));
  EXPECT_THAT(variables, Contains(Pair("https_proxy", "http://function:s@127.0.0.1:8000")));
  EXPECT_THAT(variables, Contains(Pair("no_proxy", "127.0.0.1,localhost,::1")));
  EXPECT_THAT(variables, Contains(Pair("AWS_CA_BUNDLE", "/d/bundle.pem")));
}

TEST(SurroundingsTest, SaysNothingOfWhatIsNotThere) { EXPECT_THAT(VariablesOf({}), IsEmpty()); }

}  // namespace
}  // namespace stator::runtime
