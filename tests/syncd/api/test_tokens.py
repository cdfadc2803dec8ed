"""Tokens: their form, what is kept of them, and when they stop to open anything (R55)."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from syncd.api.scopes import SCOPES, Principal, known_scopes, require
from syncd.api.tokens import Tokens
from syncd.errors import AuthenticationError, InputError, NotAllowedError, NotFoundError
from syncd.model.token import TokenRecord

START = datetime(2026, 1, 1, tzinfo=UTC)


class Drawer:
    """Token records in memory; every write is counted."""

    def __init__(self) -> None:
        self.records: dict[str, TokenRecord] = {}
        self.touches = 0

    def insert(self, record: TokenRecord) -> None:
        self.records[record.id] = record

    def all(self) -> list[TokenRecord]:
        return list(self.records.values())

    def revoke(self, token_id: str, at: datetime) -> None:
        self.records[token_id] = replace(self.records[token_id], revoked=at)

    def drop(self, token_id: str) -> None:
        del self.records[token_id]

    def touch(self, token_id: str, at: datetime) -> None:
        self.touches += 1
        self.records[token_id] = replace(self.records[token_id], last_used=at)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(drawer: Drawer, clock: Clock) -> Tokens:
    return Tokens(drawer, clock)


def test_r055_a_token_has_prefix_id_256_bits_and_checksum(tokens: Tokens) -> None:
    record, text = tokens.create("ci", ["read"])
    prefix, token_id, rest = text.split("_")
    secret, checksum = rest[:-8], rest[-8:]
    assert (prefix, token_id, len(bytes.fromhex(secret)) * 8, len(checksum)) == ("gcat", record.id, 256, 8)
    assert tokens.create("ci", ["read"])[1] != text


def test_r055_only_a_hash_of_the_secret_is_kept(tokens: Tokens, drawer: Drawer) -> None:
    record, text = tokens.create("ci", ["read"])
    secret = text.split("_")[2][:-8]
    kept = repr(drawer.records)
    assert secret not in kept
    assert drawer.records[record.id].hash == hashlib.sha256(secret.encode()).hexdigest()


def test_r055_a_token_says_who_it_stands_for(tokens: Tokens) -> None:
    record, text = tokens.create("ci", ["sql", "read"], START + timedelta(days=1))
    assert tokens.check(text) == Principal("ci", frozenset({"read", "sql"}), record.id, START + timedelta(days=1))


def test_r055_tokens_survive_a_restart(tokens: Tokens, drawer: Drawer, clock: Clock) -> None:
    _, text = tokens.create("ci", ["read"])
    assert Tokens(drawer, clock).check(text).name == "ci"


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text: text[:0], id="nothing"),
        pytest.param(lambda text: text[:-1], id="a character is missing"),
        pytest.param(lambda text: text + "\n", id="a newline follows"),
        pytest.param(lambda text: text.replace("gcat_", "ghp_"), id="another prefix"),
        pytest.param(lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"), id="the checksum is wrong"),
        pytest.param(lambda text: text.upper(), id="upper case"),
    ],
)
def test_r055_what_is_no_token_is_refused(tokens: Tokens, spoil: object) -> None:
    _, text = tokens.create("ci", ["read"])
    assert callable(spoil)
    with pytest.raises(AuthenticationError, match="not a token"):
        tokens.check(spoil(text))


def test_r055_a_secret_of_another_token_is_refused(tokens: Tokens, drawer: Drawer) -> None:
    other = Tokens(Drawer())
    record, text = other.create("ci", ["read"])
    with pytest.raises(AuthenticationError, match="not known"):
        tokens.check(text)
    drawer.insert(replace(record, hash="0" * 64))
    with pytest.raises(AuthenticationError, match="not known"):
        Tokens(drawer).check(text)


def test_r055_a_token_ends_when_it_expires(tokens: Tokens, clock: Clock) -> None:
    record, text = tokens.create("ci", ["read"], START + timedelta(hours=1))
    clock.now = START + timedelta(minutes=59)
    assert tokens.active(record.id)
    clock.now = START + timedelta(hours=1)
    assert not tokens.active(record.id)
    with pytest.raises(AuthenticationError, match="ci is expired"):
        tokens.check(text)


def test_r055_a_revoked_token_ends_at_once_and_says_so_to_streams(tokens: Tokens, drawer: Drawer) -> None:
    record, text = tokens.create("ci", ["read"])
    told: list[bool] = []
    tokens.on_revoked(lambda: told.append(tokens.active(record.id)))
    tokens.revoke(record.id)
    assert told == [False]
    assert drawer.records[record.id].revoked == START
    with pytest.raises(AuthenticationError, match="ci is revoked"):
        tokens.check(text)
    with pytest.raises(NotFoundError):
        tokens.revoke(record.id)
    assert tokens.all() == []


def test_r055_last_use_is_noted_once_a_minute(tokens: Tokens, drawer: Drawer, clock: Clock) -> None:
    record, _ = tokens.create("ci", ["read"])
    assert tokens.used(record.id)
    assert not tokens.used(record.id)
    tokens.touch(record.id)
    assert drawer.records[record.id].last_used == START
    clock.now = START + timedelta(seconds=59)
    assert not tokens.used(record.id)
    clock.now = START + timedelta(seconds=60)
    assert tokens.used(record.id)
    tokens.touch(record.id)
    assert (drawer.touches, drawer.records[record.id].last_used) == (2, START + timedelta(seconds=60))


@pytest.mark.parametrize("name", ["", "-x", "a b", "ü", "x" * 64, "a\n"])
def test_names_of_tokens_are_plain(tokens: Tokens, name: str) -> None:
    with pytest.raises(InputError):
        tokens.create(name, ["read"])


def test_a_token_that_is_expired_already_is_refused(tokens: Tokens) -> None:
    with pytest.raises(InputError, match="future"):
        tokens.create("ci", ["read"], START)


@pytest.mark.parametrize("scopes", [[], ["write"], ["read", "*"]])
def test_r056_only_scopes_of_the_table_are_given(tokens: Tokens, scopes: list[str]) -> None:
    with pytest.raises(InputError, match="scope"):
        tokens.create("ci", scopes)


def test_r056_no_scope_contains_another() -> None:
    for held in SCOPES:
        principal = Principal("ci", frozenset({held}))
        for wanted in SCOPES:
            if wanted == held:
                require(principal, wanted)
            else:
                with pytest.raises(NotAllowedError, match=f"needs the scope {wanted}"):
                    require(principal, wanted)


def test_r056_scopes_are_listed_in_one_order() -> None:
    assert known_scopes(["admin", "read", "admin"]) == ("read", "admin")
