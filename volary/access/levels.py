"""OAuth 1.0a's three permission levels (C199). They nest: each holds everything of the one below it (C042, C055)."""

import enum


class Level(enum.IntEnum):
    """A permission level. Compare with < and >; `min` of two is the narrower."""

    READ = 1
    READ_WRITE = 2
    DIRECT_MESSAGES = 3

    @property
    def wire(self) -> str:
        """The value of the `x-access-level` header (C209)."""
        return _WIRE[self]

    @classmethod
    def from_wire(cls, text: str) -> "Level":
        """The level that a wire value or command-line word names. Raises ValueError."""
        for level, wire in _WIRE.items():
            if wire == text:
                return level
        raise ValueError(text)


_WIRE = {
    Level.READ: "read",
    Level.READ_WRITE: "read-write",
    Level.DIRECT_MESSAGES: "read-write-directmessages",
}
