"""Chance that a replay meets again: draws that a seed and names alone determine."""

from hashlib import sha256


def draw(*names: object) -> float:
    """A number of [0, 1), uniform over different names; the same for ever, on every machine.

    Hashed rather than taken from a generator, so that one draw depends on no other.
    """
    digest = sha256(repr(names).encode()).digest()
    return (int.from_bytes(digest[:7], "big") >> 3) / 2**53


def seed_of(name: str) -> int:
    """A seed for the session of that name, 53 bits, which JSON keeps exactly."""
    return int(draw("seed", name) * 2**53)
