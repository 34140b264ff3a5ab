"""The client's half of SRP as Cognito's libraries speak it (notes on user pools, "USER_SRP_AUTH, exactly")."""

import base64
import datetime
import hashlib
import hmac
import secrets

N_HEX = (
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF")
N = int(N_HEX, 16)
G = 2


def pad(number):
    """Big-endian in two's complement: a byte 00 in front of one whose top bit is set."""
    raw = number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")
    return b"\0" + raw if raw[0] & 0x80 else raw


def digest(data):
    return hashlib.sha256(data).digest()


def number(data):
    return int.from_bytes(data, "big")


K = number(digest(pad(N) + pad(G)))


def timestamp(when=None):
    when = when or datetime.datetime.now(datetime.timezone.utc)
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{days[when.weekday()]} {months[when.month - 1]} {when.day} {when:%H:%M:%S} UTC {when.year}"


class Client:
    """One sign-in: `a_hex` goes out; `respond` makes the answer to the challenge."""

    def __init__(self, pool_id, a=None):
        self.pool = pool_id.split("_", 1)[1]
        self.a = a or secrets.randbits(1024)
        self.public_a = pow(G, self.a, N)
        self.a_hex = f"{self.public_a:x}"

    def key(self, parameters, password):
        public_b = int(parameters["SRP_B"], 16)
        user = parameters["USER_ID_FOR_SRP"]
        u = number(digest(pad(self.public_a) + pad(public_b)))
        inner = digest(f"{self.pool}{user}:{password}".encode())
        x = number(digest(pad(int(parameters["SALT"], 16)) + inner))
        s = pow((public_b - K * pow(G, x, N)) % N, self.a + u * x, N)
        prk = hmac.new(pad(u), pad(s), hashlib.sha256).digest()
        return hmac.new(prk, b"Caldera Derived Key\x01", hashlib.sha256).digest()[:16]

    def respond(self, parameters, password, when=None):
        user = parameters["USER_ID_FOR_SRP"]
        block = parameters["SECRET_BLOCK"]
        time = when if isinstance(when, str) else timestamp(when)
        text = self.pool.encode() + user.encode() + base64.b64decode(block) + time.encode()
        signature = hmac.new(self.key(parameters, password), text, hashlib.sha256).digest()
        return {"USERNAME": user, "PASSWORD_CLAIM_SECRET_BLOCK": block, "TIMESTAMP": time,
                "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(signature).decode()}


def secret_hash(username, client_id, secret):
    return base64.b64encode(hmac.new(secret.encode(), (username + client_id).encode(), hashlib.sha256).digest()).decode()
