"""38-digit numbers: what is accepted, how it comes back, what is refused, how it is ordered and compared."""

import decimal
import random

import pytest
from support.expect import invalid
from support.tables import fill, n, ns, s

NINES = "9" * 38
ACCEPTED = [
    ("0", "0"), ("-0", "0"), ("0.0", "0"), ("0e10", "0"), ("00", "0"), ("+5", "5"), (".5", "0.5"), ("5.", "5"), ("1.e5", "100000"),
    ("-.5", "-0.5"), ("007", "7"), ("1.50", "1.5"), ("100", "100"), ("1e2", "100"), ("1E+2", "100"), ("1e-2", "0.01"),
    ("12.5e1", "125"), ("0.00001", "0.00001"), ("123456789012345678901234567890.12345678",
                                               "123456789012345678901234567890.12345678"),
    (NINES, NINES), ("-" + NINES, "-" + NINES), ("1e37", "1" + "0" * 37), ("1e38", "1" + "0" * 38), ("1e125", "1" + "0" * 125),
    ("9.9999999999999999999999999999999999999E+125", NINES + "0" * 88), ("1e-130", "0." + "0" * 129 + "1"),
    ("-1e-130", "-0." + "0" * 129 + "1"), ("0." + "0" * 200, "0"), ("1" + "0" * 60, "1" + "0" * 60),
    ("0." + "1" * 38, "0." + "1" * 38), ("1." + "0" * 100, "1"),
]


@pytest.mark.parametrize("given,plain", ACCEPTED, ids=[a[0][:30] for a in ACCEPTED])
def test_accepted_in_plain_form(db, raw, hash_table, given, plain):
    raw.call("PutItem", TableName=hash_table, Item={"pk": s("n"), "x": n(given), "y": ns(given)})
    item = raw.call("GetItem", TableName=hash_table, Key={"pk": s("n")})["Item"]
    assert item["x"] == n(plain) and item["y"] == ns(plain)


NOT_A_NUMBER = "The parameter cannot be converted to a numeric value"
OVERFLOW = "Number overflow. Attempting to store a number with magnitude larger than supported range"
UNDERFLOW = "Number underflow. Attempting to store a number with magnitude smaller than supported range"
PRECISION = "Attempting to store more than 38 significant digits in a Number"
REFUSED = [
    (text, NOT_A_NUMBER) for text in
    (" 1", "1 ", "1 2", "\t1", "1+2", "+e2", "1e", "1e+", "e5", ".", "+", "-", "--1", "+-1", "1..2", "1.2.3", "0x10", "1,5", "NaN",
     "Infinity", "1e5.5", "१", "1\n", "1_000", "1e999999999999999999999999x")
] + [
    ("1e126", OVERFLOW), ("-1e126", OVERFLOW), ("1e1000", OVERFLOW), ("1" + "0" * 126, OVERFLOW), ("1e99999999999999999999", OVERFLOW),
    ("1e-131", UNDERFLOW), ("-1e-131", UNDERFLOW), ("1e-1000", UNDERFLOW), ("0." + "0" * 130 + "1", UNDERFLOW),
    ("1" * 39, PRECISION), ("1." + "1" * 38, PRECISION), ("0." + "1" * 39, PRECISION), ("1" + "0" * 37 + "1", PRECISION),
]


@pytest.mark.parametrize("text,message", REFUSED, ids=[repr(r[0][:30]) for r in REFUSED])
@pytest.mark.parametrize("where", ["attribute", "set", "key"])
def test_refused(raw, hash_table, number_table, text, message, where):
    with invalid(matching="^" + message):
        if where == "attribute":
            raw.call("PutItem", TableName=hash_table, Item={"pk": s("bad"), "x": n(text)})
        elif where == "set":
            raw.call("PutItem", TableName=hash_table, Item={"pk": s("bad"), "x": ns(text)})
        else:
            raw.call("GetItem", TableName=number_table, Key={"pk": s("bad"), "sk": n(text)})


def test_no_doubles(db, make_table):
    table = make_table(range=("sk", "N"))
    base = 10**20
    fill(db, table, [{"pk": s("p"), "sk": n(base + i)} for i in range(-5, 6)])
    answer = db.call("Query", TableName=table, KeyConditionExpression="pk = :p AND sk BETWEEN :a AND :b",
                     ExpressionAttributeValues={":p": s("p"), ":a": n(base - 1), ":b": n(base + 2)})
    assert [int(i["sk"]["N"]) for i in answer["Items"]] == [base - 1, base, base + 1, base + 2]
    answer = db.call("Scan", TableName=table, FilterExpression="sk > :a", ExpressionAttributeValues={":a": n(base + 4)})
    assert [int(i["sk"]["N"]) for i in answer["Items"]] == [base + 5]


def test_sets_that_differ_in_the_last_digit(db, hash_table):
    a, b = "100000000000000001", "100000000000000002"
    db.call("PutItem", TableName=hash_table, Item={"pk": s("sets"), "x": ns(a, b)})
    answer = db.call("Scan", TableName=hash_table, FilterExpression="x = :x", ExpressionAttributeValues={":x": ns(b, a)})
    assert answer["Count"] == 1
    answer = db.call("Scan", TableName=hash_table, FilterExpression="contains(x, :x)",
                     ExpressionAttributeValues={":x": n("100000000000000003")})
    assert answer["Count"] == 0


def random_number(chance):
    digits = chance.randrange(1, 39)
    mantissa = chance.choice("123456789") + "".join(chance.choice("0123456789") for _ in range(digits - 1))
    exponent = chance.choice([chance.randrange(-5, 6), chance.randrange(-90, 80)])
    return chance.choice(["", "-"]) + mantissa + f"e{exponent}"


def test_order_agrees_with_decimal(db, make_table):
    table = make_table(range=("sk", "N"))
    chance = random.Random(38)
    numbers = [random_number(chance) for _ in range(300)] + ["0"]
    fill(db, table, [{"pk": s("p"), "sk": n(number)} for number in numbers])
    answer = db.call("Query", TableName=table, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": s("p")})
    found = [decimal.Decimal(i["sk"]["N"]) for i in answer["Items"]]
    assert found == sorted({decimal.Decimal(number) for number in numbers})


def test_arithmetic_agrees_with_decimal(db, hash_table):
    chance = random.Random(39)
    context = decimal.Context(prec=38, rounding=decimal.ROUND_HALF_UP)
    key = {"pk": s("sum")}
    for _ in range(200):
        digits = chance.randrange(1, 18)
        a, b = (decimal.Decimal(chance.randrange(-10**digits, 10**digits)).scaleb(chance.randrange(-15, 3))
                for _ in range(2))
        sign = chance.choice("+-")
        expected = context.add(a, b) if sign == "+" else context.subtract(a, b)
        db.call("PutItem", TableName=hash_table, Item={**key, "x": n(f"{a:f}")})
        answer = db.call("UpdateItem", TableName=hash_table, Key=key, UpdateExpression=f"SET x = x {sign} :b",
                         ExpressionAttributeValues={":b": n(f"{b:f}")}, ReturnValues="UPDATED_NEW")
        found = answer["Attributes"]["x"]["N"]
        assert decimal.Decimal(found) == expected and "e" not in found.lower(), f"{a} {sign} {b}"


@pytest.mark.parametrize("text,size", [("0", 1), ("1", 2), ("12", 2), ("123", 3), ("1234", 3), ("-1", 3), ("0.5", 2), ("1.5", 3),
                                       ("100", 2), ("-123.456", 6), ("1" * 38, 20)])
def test_size(db, make_table, text, size):
    """1 + ceil(integer digits / 2) + ceil(fraction digits / 2) after trimming zeros, + 1 if negative."""
    table = make_table()
    filler = 1024 - len("pk" + "a") - len("n") - len("x") - size
    for extra, expected in ((0, 1), (1, 2)):
        answer = db.call("PutItem", TableName=table, ReturnConsumedCapacity="TOTAL",
                         Item={"pk": s("a"), "n": n(text), "x": s("x" * (filler + extra))})
        assert answer["ConsumedCapacity"]["CapacityUnits"] == expected
        db.call("DeleteItem", TableName=table, Key={"pk": s("a")})
