"""The function post-confirmation in Python: inserts who has confirmed an account into the directory of DATABASE_URL.

SQLite needs nothing beside Python; PostgreSQL needs psycopg2. README.md says what must hold.
"""

import os
import urllib.parse
import uuid

PLACEHOLDER = "MOCK"
LONGEST = {"preferred_username": 64, "name": 256, "email": 256, "sub": 256}
INSERT = """
INSERT INTO users (uuid, display_name, handle, email, cognito_user_id)
VALUES ({0}, {0}, {0}, {0}, {0})
ON CONFLICT DO NOTHING
"""
OWNER = "SELECT uuid FROM users WHERE cognito_user_id = {0}"


class BadUser(Exception):
    pass


class HandleTaken(Exception):
    pass


def confirmed_user(event):
    """The attributes that the directory keeps: sub, email, preferred_username, name."""
    attributes = event["request"]["userAttributes"]
    user = {name: attributes.get(name, "") for name in LONGEST}
    user["name"] = user["name"] or user["preferred_username"]
    for name, value in user.items():
        if not isinstance(value, str) or not value or value == PLACEHOLDER and name == "sub":
            raise BadUser(f"the user has no {name}")
        if len(value) > LONGEST[name] or "\0" in value:
            raise BadUser(f"the {name} must have 1 to {LONGEST[name]} characters")
    if user["preferred_username"].startswith("@"):
        raise BadUser("a handle does not begin with '@'")
    return user


def connect(url):
    """A connection, and how its statements mark a parameter."""
    if url.startswith("sqlite://"):
        import sqlite3

        file = "file:" + urllib.parse.quote(urllib.parse.unquote(url.removeprefix("sqlite://")))
        return sqlite3.connect(file + "?mode=rw", uri=True, timeout=5), "?"
    import psycopg2

    return psycopg2.connect(url, connect_timeout=5), "%s"


def insert(connection, mark, user):
    """One row, however often it is asked for."""
    cursor = connection.cursor()
    cursor.execute(INSERT.format(mark), (str(uuid.uuid4()), user["name"], user["preferred_username"], user["email"],
                                         user["sub"]))
    inserted = cursor.rowcount == 1
    connection.commit()
    if inserted:
        return
    cursor.execute(OWNER.format(mark), (user["sub"],))
    if cursor.fetchone() is None:
        raise HandleTaken(f"the handle @{user['preferred_username']} is taken; choose another")


def lambda_handler(event, context):
    user = confirmed_user(event)
    connection, mark = connect(os.environ["DATABASE_URL"])
    try:
        insert(connection, mark, user)
    finally:
        connection.close()
    print(f"user @{user['preferred_username']} is in the directory")
    return event
