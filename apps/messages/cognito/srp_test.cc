#include "cognito/srp.h"

#include <gtest/gtest.h>

namespace stator::messages {
namespace {

// Computed by an independent implementation.
constexpr char kA[] = "8fbc10e0e07a98cab339895fdff6c49663b8e650cf033ec62c9ec1661f4e879";
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

TEST(Srp, SignsAsCognitosOwnClients) {
  const SrpClient client(kA);
  EXPECT_EQ(client.a(), kPublicA);
  const SrpChallenge challenge{"f1e2d3c4b5a697887766554433221f", kPublicB, "c2VjcmV0LWJsb2NrLWV4YW1wbGU=", "alice"};
  EXPECT_EQ(client.Sign("TestPool1", "Passw0rd!", challenge, "Tue Apr 5 01:02:03 UTC 2022"),
            "cho63lEtCakO1M5+qUf0j7lMoJPAYDDX/YuIXnvm0Ko=");
  EXPECT_NE(client.Sign("TestPool1", "Passw0rd?", challenge, "Tue Apr 5 01:02:03 UTC 2022"),
            "cho63lEtCakO1M5+qUf0j7lMoJPAYDDX/YuIXnvm0Ko=");
}

TEST(Srp, TakesNoChallengeThatIsNone) {
  const SrpClient client;
  for (const char* b : {"", "0", "-1", "xyz", "12 ", "zz12"}) {
    EXPECT_FALSE(client.Sign("P", "p", {"01", b, "c2Vj", "u"}, "t").has_value()) << b;
  }
  EXPECT_FALSE(client.Sign("P", "p", {"", kPublicB, "c2Vj", "u"}, "t").has_value());
  EXPECT_FALSE(client.Sign("P", "p", {"01", kPublicB, "!", "u"}, "t").has_value());
  EXPECT_FALSE(client.Sign("P", "p", {"01", std::string(5000, 'f'), "c2Vj", "u"}, "t").has_value());
}

TEST(Srp, SecretsDiffer) { EXPECT_NE(SrpClient().a(), SrpClient().a()); }

TEST(Srp, WritesTimesAsCognitoWantsThem) {
  EXPECT_EQ(SrpTimestamp(Time{1'649'120'523'000'000}), "Tue Apr 5 01:02:03 UTC 2022");
  EXPECT_EQ(SrpTimestamp(Time{1'795'168'800'000'000}), "Fri Nov 20 10:00:00 UTC 2026");
}

}  // namespace
}  // namespace stator::messages
