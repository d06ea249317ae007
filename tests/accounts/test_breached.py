"""Passwords that guessers have: the built-in list, and the operator's in both of its forms."""

import hashlib
import random
from pathlib import Path

import pytest

from volary.accounts.errors import Refused
from volary.accounts.rules import passwords
from volary.accounts.rules.breached import Breached, is_common
from volary.accounts.rules.hashing import PasswordHasher
from volary.accounts.rules.passwords import check

pytestmark = pytest.mark.anyio
KNOWN = ["grey whales sing low", "pässwörter sind müde", "x" * 200]


def sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest().upper()


def listed(count: int) -> list[str]:
    """Hashes of so many passwords and of the known ones, in order."""
    dice = random.Random(7)
    return sorted({sha1(str(dice.random())) for _ in range(count)} | set(map(sha1, KNOWN)))


@pytest.fixture(params=["file", "small file", "dos file", "folder", "bare folder"])
def operators(request: pytest.FixtureRequest, tmp_path: Path) -> Breached:
    hashes = listed(0 if request.param == "small file" else 3_000)
    if "file" in request.param:
        end = "\r\n" if request.param == "dos file" else "\n"
        path = tmp_path / "hashes.txt"
        path.write_bytes(b"".join(f"{one}:{number + 1}{end}".encode() for number, one in enumerate(hashes)))
        return Breached(str(path))
    ending = ".txt" if request.param == "folder" else ""
    (tmp_path / f"00000{ending}").touch()
    for one in hashes:
        with (tmp_path / f"{one[:5]}{ending}").open("a") as file:
            file.write(f"{one[5:]}:3\n")
    return Breached(str(tmp_path))


@pytest.mark.parametrize(
    "password", ["baseball1", "liverpool1", "Trustno1", "asshole1", "mnbvcxz1", "12345679", "QWERTY12"]
)
def test_what_most_people_choose_is_refused(password: str) -> None:
    with pytest.raises(Refused) as refused:
        check(password)
    assert refused.value.message == passwords.COMMON


def test_the_built_in_list_has_every_one_of_its_own_and_no_others() -> None:
    held = (Path(passwords.__file__).parent / "common_passwords.sha1").read_bytes()
    parts = [held[place : place + 5] for place in range(0, len(held), 5)]
    assert parts == sorted(set(parts))
    assert len(parts) == 11_611
    assert is_common("password")
    assert not any(is_common(f"password {number} of nobody") for number in range(2_000))


def test_the_operators_list_knows_what_is_in_it(operators: Breached) -> None:
    assert all(operators.has(known.encode()) for known in KNOWN)
    assert not any(operators.has(f"unknown {number}".encode()) for number in range(300))


def test_every_line_of_a_file_is_found_the_first_and_the_last_too(tmp_path: Path) -> None:
    texts = [f"password {number}" for number in range(500)]
    path = tmp_path / "hashes.txt"
    path.write_text("\n".join(sorted(f"{sha1(text)}:1" for text in texts)))
    held = Breached(str(path))
    assert all(held.has(text.encode()) for text in texts)


def test_lines_that_only_fill_up_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "00000.txt").touch()
    (tmp_path / f"{sha1('quiet')[:5]}.txt").write_text(f"{sha1('quiet')[5:]}:0\n")
    assert not Breached(str(tmp_path)).has(b"quiet")


@pytest.mark.parametrize("content", [None, "", "passwords, in plain\nand more\n"])
def test_what_is_no_list_is_said_at_the_start(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "hashes.txt"
    if content is not None:
        path.write_text(content)
    with pytest.raises((OSError, ValueError)):
        Breached(str(path))
    with pytest.raises(ValueError, match="00000"):
        Breached(str(tmp_path))


async def test_nobody_chooses_one_of_them_and_whoever_has_one_still_signs_in(operators: Breached) -> None:
    hasher = PasswordHasher(memory=8, passes=1, breached=operators)
    try:
        with pytest.raises(Refused) as refused:
            await hasher.hash(KNOWN[0])
        assert (refused.value.message, refused.value.field) == (passwords.BREACHED, "password")
        kept = await hasher.hash(KNOWN[0], new=False)
        assert await hasher.verify(kept, KNOWN[0])
        assert await hasher.hash("one that nobody had before")
    finally:
        hasher.close()
