#include "services/cognito/name_text.h"

#include <gtest/gtest.h>

namespace stator::services::cognito {
namespace {

TEST(NameText, TakesLettersMarksSymbolsNumbersAndPunctuation) {
  for (const char* text :
       {"nora", "nora@example.com", "+48123456789", "żółw", "名前", "a\u0301", "😀", "<b>\"'&", "~"}) {
    EXPECT_TRUE(IsNameText(text)) << text;
  }
}

TEST(NameText, RefusesSpacesControlsAndWhatIsNoText) {
  for (const char* text : {"", "two words", "tab\t", "\x7f", "no\u00a0break", "\u3000", "\u202e", "\ufeff", "\u200b",
                           "line\n", "\xff", "\xc3", "a\xe2\x82"}) {
    EXPECT_FALSE(IsNameText(text)) << text;
  }
  EXPECT_FALSE(IsNameText(std::string_view("\0", 1)));
}

}  // namespace
}  // namespace stator::services::cognito
