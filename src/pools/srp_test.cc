#include "pools/srp.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "sigv4/digest.h"

namespace stator::pools {
namespace {

std::string FromHex(Bytes hex) {
  std::string bytes;
  const std::string even = (hex.size() % 2 ? "0" : "") + std::string(hex);
  for (size_t i = 0; i < even.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(even.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

// The vector of notes/cognito.md, section 5.2.
constexpr char kPool[] = "TestPool1";
constexpr char kUser[] = "alice";
constexpr char kPassword[] = "Passw0rd!";
constexpr char kSalt[] = "f1e2d3c4b5a697887766554433221f";
constexpr char kB[] = "b88347bfd1b6c2867f7cc671342441162e646a4e635fefd56009b7ec5551c97d";
constexpr char kPublicA[] =
    "a8f809d1102b27e6bbcad755406a3706b2f8eef1575a7cde7a1f3fcdfc47d552c93064601e8b59e04325f602403da0c2"
    "963ef0fd5a762a1c24383f0dc7d7871856b889e8f0b5b0f403efb7908c415cb3890c5d1ddadca53f2fbce575defa9879"
    "c67edfd5f89770718cb5bafc8672b915b8916d37f5541ef898a2be3882730995599acb0a3679cf69a240ba9bb7a7934e"
    "47b3218693cb05056f7d5a99d7a2b0687329eb78c1c73be648714bc58f45d453baa819bcd341b57fe5b0ef7585d1ccfe"
    "617e7031e66b3e65894d8b8b06155941d8e9bd88f17351dcb2c6fd7981345a5972511bdeb03495fbd0423cbba5a70082"
    "72f4fb1a1260bd37d52688896aba24c243f64f0ff1ded39cf48cc6d21400c9fd45b5512d88090f5aa0587a9e1a42d61f"
    "b44660200c589ac18ee9c447def7534d13bcac72c8d47bcd2dfeb893cbbfc3f4c2ef762c2291e9479e2a437261c6722e"
    "8d2ff68f309931ed6aa3a5fdc2c17a3e2f38cfd0f50b17e64b03eccdf1483b74fb6376653194d7f467cd19012aedf3cf";
constexpr char kPublicB[] =
    "aa121c15ee5c765045171a2f00277719ffcaf05fa19693216e8fccd8611f4875973a49827771e1d0bc56ca615098ead7"
    "6e212838bc08b2afa27e71b248e2cd5f7b58fab68ad8cd88eca46c17601af4a4c2bb038398406ca73f94dabb4c7dbd22"
    "c8f26855975c613ea10434152fc932f478e6cdb5cbb2e644e09b777e1b1e63bd46245cb50f7ee672d8e2800adb350d30"
    "f46d65523398bf474af12cdc07b30a395a34e15f55cab19f749d27817b8a213ea255b118dc719e02550229d4793feb7e"
    "1adc7535f219507e783957637f57f99c98ce26ede6c9f765bd8dea12d2e71118aa7790ec3240670b9a33c410c12a28e9"
    "c896488b4d6e331ae53ab64281176b238413906e4cc5ae91e0f94a54c9ff2c5b6f55637f707ce5c929baada0af465838"
    "7a7af83f7c5ee9358e48a6c722d863b30936bde38028e103b0026410fd561aff080773c1bd77faa506879bfadd66ad24"
    "9a253d990d1e83b0845101378b92bdaedfbbdd4f3bb0b1965259704cda2271c87c56388fde2a2bb33cc79404206988b";
constexpr char kPrime[] =
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

Verifier VectorVerifier() { return MakeVerifier(kPool, kUser, kPassword, FromHex(kSalt)); }

TEST(SrpTest, MakesTheVerifierOfTheVector) {
  const Verifier verifier = VectorVerifier();
  const bool high = (static_cast<unsigned char>(verifier.value.front()) & 0x80) != 0;
  EXPECT_EQ(sigv4::Sha256Hex((high ? std::string(1, '\0') : "") + verifier.value),
            "5ef81514643581c492691df8b1ee0304be692ebbad05ac993de0572238daf543");
}

TEST(SrpTest, ComesToTheKeyOfTheVector) {
  const Verifier verifier = VectorVerifier();
  const SrpChallenge challenge = MakeChallenge(verifier, FromHex(kB));
  EXPECT_EQ(challenge.public_b, FromHex(kPublicB));
  const auto a = ReadA(kPublicA);
  ASSERT_TRUE(a.has_value());
  const auto key = SrpKey(verifier, *a, challenge);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(sigv4::Hex(*key), "b86a9022227fcc6deec6508ca1c78698");
  std::string block;
  ASSERT_TRUE(AppendFromBase64(&block, "c2VjcmV0LWJsb2NrLWV4YW1wbGU="));
  EXPECT_EQ(Base64(SrpSignature(*key, kPool, kUser, block, "Tue Apr 5 01:02:03 UTC 2022")),
            "cho63lEtCakO1M5+qUf0j7lMoJPAYDDX/YuIXnvm0Ko=");
}

TEST(SrpTest, KnowsThePasswordOfAVerifier) {
  const Verifier verifier = MakeVerifier("p", "u", "geheim ☂");
  EXPECT_TRUE(CheckPassword(verifier, "p", "u", "geheim ☂"));
  EXPECT_FALSE(CheckPassword(verifier, "p", "u", "geheim"));
  EXPECT_FALSE(CheckPassword(verifier, "p", "v", "geheim ☂"));
  EXPECT_FALSE(CheckPassword(verifier, "q", "u", "geheim ☂"));
  EXPECT_FALSE(CheckPassword({}, "p", "u", ""));
}

TEST(SrpTest, SaltsDiffer) { EXPECT_NE(MakeVerifier("p", "u", "x").salt, MakeVerifier("p", "u", "x").salt); }

TEST(SrpTest, RefusesNumbersThatAreNone) {
  EXPECT_FALSE(ReadA(""));
  EXPECT_FALSE(ReadA("0"));
  EXPECT_FALSE(ReadA("00000000"));
  EXPECT_FALSE(ReadA("xyz"));
  EXPECT_FALSE(ReadA("-1"));
  EXPECT_FALSE(ReadA("0x12"));
  EXPECT_FALSE(ReadA(kPrime));
  EXPECT_FALSE(ReadA("00" + std::string(kPrime)));
  EXPECT_FALSE(ReadA(std::string(kPrime) + std::string(kPrime)));
  EXPECT_FALSE(ReadA(std::string(1'000'000, 'f')));
  EXPECT_TRUE(ReadA("1"));
  EXPECT_TRUE(ReadA("00ab"));
  EXPECT_EQ(*ReadA("00ab"), "\xab");
}

TEST(SrpTest, SimulatesTheSameUserAgain) {
  const Verifier once = SimulatedVerifier("secret", "nobody");
  const Verifier again = SimulatedVerifier("secret", "nobody");
  EXPECT_EQ(once.salt, again.salt);
  EXPECT_EQ(once.value, again.value);
  EXPECT_NE(once.salt, SimulatedVerifier("secret", "somebody").salt);
  EXPECT_NE(once.salt, SimulatedVerifier("other", "nobody").salt);
  EXPECT_EQ(once.salt.size(), MakeVerifier("p", "u", "x").salt.size());
}

TEST(SrpTest, ReadsTimesAsClientsWriteThem) {
  const auto time = ReadSrpTime("Tue Apr 5 01:02:03 UTC 2022");
  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(time->seconds(), 1649120523);
  for (const char* text :
       {"Tue Apr 05 01:02:03 UTC 2022", "Wed Apr 5 01:02:03 UTC 2022", "Tue Apr 5 1:02:03 UTC 2022",
        "Tue Apr 5 01:02:03 GMT 2022", "Tue Apr 31 01:02:03 UTC 2022", "Tue apr 5 01:02:03 UTC 2022", "", "x",
        "Tue Apr 5 01:02:03 UTC 2022 ", " Tue Apr 5 01:02:03 UTC 2022", "Tue Apr 5 24:02:03 UTC 2022"}) {
    EXPECT_FALSE(ReadSrpTime(text)) << text;
  }
}

}  // namespace
}  // namespace stator::pools
