"""Clients and their access tokens: what is kept, when it ends, and what a stranger can learn (P1-P8)."""

import statistics
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from syncd.api.tokens import Tokens
from syncd.clients import Clients
from syncd.config.settings import AuthSettings
from syncd.errors import AuthenticationError, ConflictError, InputError, NotFoundError
from syncd.stitch.publication import Publication
from syncd.stitch.write import Entry, Write
from syncd.store.clients import StoredClients
from syncd.store.state import State
from syncd.store.tokens import StoredTokens

START = datetime(2026, 1, 1, tzinfo=UTC)


class Shop:
    """Clients on a real state; `entries` are the rows that the log would get."""

    def __init__(self, path: Path, settings: AuthSettings | None = None) -> None:
        self.now = START
        self.entries: list[Entry] = []
        self.path = path
        self.settings = settings or AuthSettings()
        self.open()

    def open(self) -> None:
        """As after a restart."""
        self.state = State(self.path / "state.sqlite")
        self.tokens = Tokens(StoredTokens(self.state), lambda: self.now)
        self.clients = Clients(StoredClients(self.state), self.tokens, self.settings, self.submit, lambda: self.now)

    def submit(self, write: Write) -> None:
        with self.state.transaction():
            entry = write(cast(Publication, None))
        self.entries += [entry] if entry else []

    def restart(self) -> None:
        self.state.close()
        self.open()

    def opens(self, text: str) -> bool:
        """Whether a token is accepted."""
        try:
            self.tokens.check(text)
        except AuthenticationError:
            return False
        return True


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_p001_a_token_stands_for_its_client(shop: Shop) -> None:
    record, secret = shop.clients.create("ci", [], actor="owner")
    token = shop.clients.exchange(record.id, secret)
    principal = shop.tokens.check(token.text)
    assert token.expires_in == 10800
    assert (principal.name, principal.expires) == ("ci", START + timedelta(hours=3))
    assert principal.scopes == {"read", "entities:write", "properties:write"}
    other, other_secret = shop.clients.create("reader", ["read"], actor="owner")
    assert shop.tokens.check(shop.clients.exchange(other.id, other_secret).text).scopes == {"read"}


def test_p001_tokens_of_clients_are_not_listed_as_a_persons(shop: Shop) -> None:
    record, secret = shop.clients.create("ci", [], actor="owner")
    shop.clients.exchange(record.id, secret)
    assert shop.tokens.all() == []


def test_p002_a_wrong_secret_and_an_unknown_id_take_the_same_time(shop: Shop) -> None:
    record, secret = shop.clients.create("ci", [], actor="owner")
    disabled, disabled_secret = shop.clients.create("old", [], actor="owner")
    shop.clients.disable(disabled.id, actor="owner")
    pairs = {
        "wrong": (record.id, secret[:-1] + ("0" if secret[-1] != "0" else "1")),
        "unknown": ("0" * 32, secret),
        "disabled": (disabled.id, disabled_secret),
    }
    taken: dict[str, list[float]] = {name: [] for name in pairs}
    said = set()
    for _ in range(500):
        for name, pair in pairs.items():
            started = time.perf_counter()
            with pytest.raises(AuthenticationError) as refused:
                shop.clients.exchange(*pair)
            taken[name].append(time.perf_counter() - started)
            said.add((str(refused.value), refused.value.hint, refused.value.code))
    assert len(said) == 1
    medians = [statistics.median(times) for times in taken.values()]
    assert max(medians) < 1.5 * min(medians), medians


def test_p004_the_live_token_is_given_again_until_its_last_minute(shop: Shop) -> None:
    record, secret = shop.clients.create("ci", [], actor="owner")
    first = shop.clients.exchange(record.id, secret)
    shop.now += timedelta(microseconds=1)
    second = shop.clients.exchange(record.id, secret)
    assert (second.text, second.expires_in) == (first.text, 10799)
    shop.now = START + timedelta(hours=3) - timedelta(seconds=61)
    assert shop.clients.exchange(record.id, secret).text == first.text
    shop.now = START + timedelta(hours=3) - timedelta(seconds=60)
    third = shop.clients.exchange(record.id, secret)
    assert (third.text != first.text, third.expires_in) == (True, 10800)
    assert shop.opens(first.text)
    shop.now = START + timedelta(hours=3)
    assert (shop.opens(first.text), shop.opens(third.text)) == (False, True)


def test_p004_after_a_restart_a_new_token_is_made_and_the_old_one_lives_on(shop: Shop) -> None:
    record, secret = shop.clients.create("ci", [], actor="owner")
    first = shop.clients.exchange(record.id, secret).text
    shop.restart()
    second = shop.clients.exchange(record.id, secret).text
    assert second != first
    assert shop.opens(first)
    assert shop.opens(second)


def test_p004_tokens_that_are_over_are_forgotten(shop: Shop) -> None:
    record, secret = shop.clients.create("ci", [], actor="owner")
    for _ in range(5):
        shop.clients.exchange(record.id, secret)
        shop.now += timedelta(hours=4)
    assert len(shop.state.read("SELECT 1 FROM tokens")) == 1


@pytest.mark.parametrize("restarted", [False, True])
def test_p006_rotation_ends_secret_and_tokens_at_once(shop: Shop, restarted: bool) -> None:
    record, secret = shop.clients.create("ci", [], actor="owner")
    token = shop.clients.exchange(record.id, secret).text
    ended: list[bool] = []
    shop.tokens.on_revoked(lambda: ended.append(shop.opens(token)))
    _, new = shop.clients.rotate(record.id, actor="owner")
    assert ended == [False]
    if restarted:
        shop.restart()
    assert not shop.opens(token)
    with pytest.raises(AuthenticationError):
        shop.clients.exchange(record.id, secret)
    again = shop.clients.exchange(record.id, new).text
    assert shop.opens(again)
    assert again != token


@pytest.mark.parametrize("restarted", [False, True])
def test_p005_a_disabled_client_opens_nothing(shop: Shop, restarted: bool) -> None:
    record, secret = shop.clients.create("ci", [], actor="owner")
    token = shop.clients.exchange(record.id, secret).text
    assert shop.clients.disable(record.id, actor="owner").disabled == START
    if restarted:
        shop.restart()
    assert not shop.opens(token)
    with pytest.raises(AuthenticationError):
        shop.clients.exchange(record.id, secret)
    for change in (shop.clients.rotate, shop.clients.disable):
        with pytest.raises(NotFoundError):
            change(record.id, actor="owner")


def test_p006_a_secret_that_ended_while_its_exchange_waited_is_refused(shop: Shop) -> None:
    record, secret = shop.clients.create("ci", [], actor="owner")
    submit = shop.submit

    def rotated_first(write: Write) -> None:
        shop.clients._submit = submit
        shop.clients.rotate(record.id, actor="owner")
        submit(write)

    shop.clients._submit = rotated_first
    with pytest.raises(AuthenticationError):
        shop.clients.exchange(record.id, secret)
    assert shop.state.read("SELECT 1 FROM tokens") == []


def test_p008_only_hashes_are_kept(shop: Shop) -> None:
    record, secret = shop.clients.create("ci", [], actor="owner")
    same, _ = shop.clients.create("other", [], actor="owner")
    token = shop.clients.exchange(record.id, secret).text
    _, rotated = shop.clients.rotate(record.id, actor="owner")
    kept = repr([shop.state.read(f"SELECT * FROM {table}") for table in ("clients", "tokens")]) + repr(shop.entries)
    for text in (secret, rotated, token):
        assert text.rpartition("_")[2][:32] not in kept
    assert len(bytes.fromhex(secret.removeprefix("gcatsec_"))) * 8 == 256
    assert record.salt != same.salt
    assert [entry.what for entry in shop.entries] == ["client.created", "client.created", "client.rotated"]


def test_p001_in_open_mode_any_credentials_get_a_token(tmp_path: Path) -> None:
    shop = Shop(tmp_path, AuthSettings(mode="open"))
    first, second = shop.clients.exchange("any", "thing"), shop.clients.exchange("any", "thing")
    assert (first.expires_in, first.text.startswith("gcat_"), first.text != second.text) == (10800, True, True)
    assert shop.state.read("SELECT 1 FROM tokens") == []


def test_names_and_scopes_of_clients_are_those_of_tokens(shop: Shop) -> None:
    for name, scopes in (("", []), ("a b", []), ("ci", ["write"])):
        with pytest.raises(InputError):
            shop.clients.create(name, scopes, actor="owner")
    record, _ = shop.clients.create("ci", [], actor="owner")
    with pytest.raises(ConflictError):
        shop.clients.create("ci", [], actor="owner")
    shop.clients.disable(record.id, actor="owner")
    shop.clients.create("ci", [], actor="owner")


def test_the_last_use_of_a_client_is_that_of_its_tokens_too(shop: Shop) -> None:
    record, secret = shop.clients.create("ci", [], actor="owner")
    assert shop.clients.all() == [record]
    token = shop.clients.exchange(record.id, secret)
    assert shop.clients.all() == [replace(record, last_used=START)]
    shop.now += timedelta(hours=1)
    assert shop.tokens.used(shop.tokens.check(token.text).token_id or "")
    assert shop.clients.all()[0].last_used == shop.now
