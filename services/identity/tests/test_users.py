"""What a user is and keeps, and what passwords must be."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.domain.keys import ANNOUNCED, SLACK, KeyAge, past, signing
from identity.domain.passwords import NewPassword
from identity.domain.sessions import (
    GRACE,
    Device,
    Failures,
    Guesser,
    RefreshToken,
    Session,
    SessionEnded,
    TokenReused,
    TooManyAttempts,
)
from identity.domain.users import (
    PALETTE,
    Profile,
    Role,
    Status,
    User,
    UserChanged,
    UserCreated,
    email_key,
    least_used_colour,
)
from shared_kernel.errors import Invalid

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ANA = Profile(
    name="Ana Ruiz",
    roles=frozenset({Role.USER, Role.ADMIN}),
    locale="es",
    colour="#0F766E",
    practitioner=True,
)


def created() -> User:
    return User.create("Ana@clinica.es", ANA, "a hash", NOW)


def test_who_is_created_is_told_without_email_and_password() -> None:
    (event,) = created().told()
    assert isinstance(event, UserCreated)
    assert event.face == {
        "name": "Ana Ruiz",
        "roles": ["ROLE_ADMIN", "ROLE_USER"],
        "status": "active",
        "locale": "es",
        "practitioner": True,
        "colour": "#0f766e",
    }


def test_a_change_is_told_and_no_change_is_not() -> None:
    ana = created()
    ana.told()
    ana.change(ana.profile, NOW)
    assert ana.told() == []
    ana.change(replace(ana.profile, status=Status.DISABLED), NOW + SECOND)
    (event,) = ana.told()
    assert isinstance(event, UserChanged)
    assert event.face["status"] == "disabled"
    assert not ana.is_active
    assert ana.updated_at == NOW + SECOND


def test_a_new_password_is_nobodys_business() -> None:
    ana = created()
    ana.told()
    ana.set_password("another hash", NOW + SECOND)
    assert ana.told() == []
    assert "hash" not in repr(ana).replace("password_hash", "")


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"roles": frozenset()}, "roles", "too-few"),
        ({"colour": "red"}, "colour", "not-a-colour"),
        ({"colour": "#12345g"}, "colour", "not-a-colour"),
        ({"colour": "#0f766e\n"}, "colour", "not-a-colour"),
    ],
)
def test_what_a_user_cannot_be(change: dict[str, object], path: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        replace(ANA, **change).checked()  # type: ignore[arg-type]
    assert [(v.path, v.code) for v in refused.value.violations] == [(path, code)]


def test_each_new_user_gets_the_colour_that_the_fewest_have() -> None:
    used: list[str] = []
    for _ in PALETTE:
        used.append(least_used_colour(used))
    assert used == list(PALETTE)
    assert least_used_colour([*PALETTE, PALETTE[0], "#ffffff"]) == PALETTE[1]


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", PALETTE)
def test_white_text_can_be_read_on_every_colour(colour: str) -> None:
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_two_spellings_of_an_address_are_one() -> None:
    assert email_key(" Ana@Clinica.ES ") == email_key("ana@clinica.es")
    assert Guesser("Ana@Clinica.ES", "1").email_digest == Guesser("ana@clinica.es", "2").email_digest


@pytest.mark.parametrize(("length", "code"), [(9, "too-short"), (129, "too-long")])
def test_a_password_has_10_to_128_characters(length: int, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        NewPassword.chosen("ñ" * length, "newPassword")
    assert [(v.path, v.code) for v in refused.value.violations] == [("newPassword", code)]


@pytest.mark.parametrize("password", ["a" * 10, " " * 10, "ñ" * 128, "🔑 clave 🔑 clave"])
def test_nothing_else_is_asked_of_a_password(password: str) -> None:
    assert NewPassword.chosen(password, "password").text
    assert password not in repr(NewPassword.chosen(password, "password"))


def test_a_password_is_the_same_on_every_keyboard() -> None:
    assert NewPassword.chosen("contrasen\u0303a", "p") == NewPassword.chosen("contrase\u00f1a", "p")


def test_a_one_time_password_can_be_read_aloud_and_is_never_the_same() -> None:
    made = {NewPassword.one_time().text for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"([a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}", text) for text in made)


def begun() -> Session:
    return Session.begin(UUID(int=1), Device("10.0.0.1", "Firefox"), timedelta(days=28), NOW)


def test_a_session_goes_on_with_its_newest_token() -> None:
    session = begun()
    for generation in (1, 2, 3):
        session.renew(generation, NOW + generation * timedelta(hours=1))
    assert session.generation == 4


def test_the_token_before_is_taken_while_its_answer_may_be_lost() -> None:
    session = begun()
    session.renew(1, NOW)
    session.renew(1, NOW + GRACE)
    assert session.generation == 2
    with pytest.raises(TokenReused):
        session.renew(1, NOW + GRACE + SECOND)


def test_an_older_token_is_never_taken() -> None:
    session = begun()
    session.renew(1, NOW)
    session.renew(2, NOW)
    with pytest.raises(TokenReused):
        session.renew(1, NOW)


def test_a_session_is_over_when_its_time_is_up() -> None:
    session = begun()
    session.renew(1, NOW + timedelta(days=28) - SECOND)
    with pytest.raises(SessionEnded):
        session.renew(2, NOW + timedelta(days=28))


def test_refresh_tokens_have_256_bits_and_do_not_show() -> None:
    token = RefreshToken.fresh()
    assert len(token.text) == 43
    assert token.text not in repr(token)
    assert re.fullmatch("[0-9a-f]{64}", token.digest)


def test_the_sixth_try_waits_for_a_quarter_of_an_hour() -> None:
    failures = Failures()
    for minute in range(5):
        failures.refuse_when_exhausted(NOW)
        failures = failures.one_more(NOW + timedelta(minutes=minute))
    with pytest.raises(TooManyAttempts) as refused:
        failures.refuse_when_exhausted(NOW + timedelta(minutes=5))
    assert refused.value.seconds == 14 * 60
    failures.refuse_when_exhausted(NOW + timedelta(minutes=19))
    assert failures.one_more(NOW + timedelta(minutes=19)).count == 1


@given(st.lists(st.integers(0, 600), max_size=40))
def test_never_are_more_than_five_wrong_passwords_heard_in_a_quarter_of_an_hour(waits: list[int]) -> None:
    failures, now, heard = Failures(), NOW, []
    for wait in waits:
        now += timedelta(seconds=wait)
        try:
            failures.refuse_when_exhausted(now)
        except TooManyAttempts:
            continue
        failures = failures.one_more(now)
        heard.append(now)
    quarter = timedelta(minutes=15)
    assert all(later - earlier >= quarter for earlier, later in zip(heard, heard[5:], strict=False))


def test_a_new_key_signs_once_everybody_can_know_it_and_the_old_one_stays_for_its_last_token() -> None:
    first, second = KeyAge(1, NOW - timedelta(days=90)), KeyAge(2, NOW)
    lifetime = timedelta(minutes=15)
    assert signing([], NOW) is None
    assert signing([second], NOW) == second
    assert signing([first, second], NOW) == first
    assert signing([first, second], NOW + ANNOUNCED) == second
    last_token_ends = NOW + ANNOUNCED + lifetime
    assert past([first, second], lifetime, last_token_ends) == []
    assert past([first, second], lifetime, last_token_ends + SLACK + SECOND) == [first]
