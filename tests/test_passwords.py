"""Passwords: which may be chosen, how they are kept, and how many are checked at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from app.passwords import AT_ONCE, NO_PASSWORD, WAITING, Passwords, PasswordsBusyError, fault_of


def quick() -> Argon2Hasher:
    """Right hashes, and fast ones."""
    return Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)


class Watched(Argon2Hasher):
    """Counts how often, and how many at once, it checks."""

    def __init__(self, seconds: float = 0) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.seconds = seconds
        self.checked = self.now = self.most = 0
        self.lock = threading.Lock()

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:
        with self.lock:
            self.checked += 1
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self.seconds)
        with self.lock:
            self.now -= 1
        return super().verify(password, hash)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", "too_short"),
        ("123456789", "too_short"),
        ("1234567890", None),
        ("aaaaaaaaaa", None),
        ("          ", None),
        ("žžžžžžžžž", "too_short"),
        ("z\u030c" * 9, "too_short"),  # nine letters, however they were typed
        ("x" * 200, None),
        ("x" * 201, "too_long"),
        ("ana@example.org", "address"),
        ("ANA@Example.org ", "address"),
        ("ana@example.org1", None),
    ],
)
def test_a_password_is_long_enough_and_not_the_address(password: str, fault: str | None) -> None:
    assert fault_of(password, "Ana@example.org") == fault


def test_only_the_right_password_fits_what_was_kept() -> None:
    passwords = Passwords(quick())
    kept = passwords.hash("correct horse")
    assert kept.startswith("$argon2id$")
    assert passwords.verify("correct horse", kept)
    assert not passwords.verify("correct horse ", kept)
    assert not passwords.verify("Correct horse", kept)
    assert passwords.hash("correct horse") != kept


def test_one_letter_typed_on_two_keyboards_is_one_letter() -> None:
    passwords = Passwords(quick())
    assert passwords.verify("z\u030civljenje", passwords.hash("življenje"))


def test_the_usual_hash_is_as_expensive_as_it_should_be() -> None:
    kept = Passwords().hash("correct horse")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize("kept", [None, NO_PASSWORD, "", "no hash at all"])
def test_where_there_is_no_password_the_same_work_is_done_and_none_fits(kept: str | None) -> None:
    hasher = Watched()
    passwords = Passwords(hasher)
    for password in ("", "!", "no hash at all", "correct horse"):
        assert not passwords.verify(password, kept)
    assert hasher.checked == 4


def test_a_weaker_hash_is_renewed_and_a_good_one_left() -> None:
    weak = Passwords(quick()).hash("correct horse")
    strong = Passwords(Argon2Hasher(time_cost=2, memory_cost=16, parallelism=1))
    assert strong.verify("correct horse", weak)
    renewed = strong.renewed("correct horse", weak)
    assert renewed is not None
    assert strong.verify("correct horse", renewed)
    assert strong.renewed("correct horse", renewed) is None


def test_few_are_checked_at_once_some_wait_and_the_rest_are_turned_away() -> None:
    hasher = Watched(seconds=0.05)
    passwords = Passwords(hasher)
    kept = passwords.hash("correct horse")
    together = threading.Barrier(40)

    def check() -> bool:
        together.wait()
        try:
            return passwords.verify("correct horse", kept)
        except PasswordsBusyError:
            return False

    with ThreadPoolExecutor(40) as people:
        served = sum(people.map(lambda _: check(), range(40)))
    assert hasher.most == AT_ONCE
    assert AT_ONCE + WAITING <= served == hasher.checked < 40
    assert passwords.verify("correct horse", kept)
