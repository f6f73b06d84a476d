"""What identity says fits the contracts it gave."""

from dataclasses import replace
from datetime import UTC, datetime

from identity.domain.users import Profile, Role, Status, User, UserChanged, UserCreated
from testkit.contracts import expect_contracts_of, expect_in_contract

SAID = (UserChanged, UserCreated)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_every_event_has_a_contract_and_every_contract_an_event() -> None:
    expect_contracts_of("identity", SAID)


def test_what_is_said_of_a_user_fits_and_tells_neither_email_nor_password() -> None:
    profile = Profile(name="Begoña Núñez", roles=frozenset(Role), locale="en", colour="#1D4ED8")
    user = User.create("begona@clinica.es", profile, "$argon2id$secret", NOW)
    user.change(replace(profile, status=Status.DISABLED, practitioner=True), NOW)
    events = user.told()
    assert [type(event) for event in events] == [UserCreated, UserChanged]
    for event in events:
        expect_in_contract("identity", event)
        assert "begona@" not in str(event.face)
        assert "argon2" not in str(event.face)
