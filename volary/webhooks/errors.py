"""Refusals of this room. Operators alone meet them, at the command line."""

from volary.kit.errors import Conflict, Invalid, NotFound


class BadAddress(Invalid):
    """A webhook cannot lead there."""

    def __init__(self, why: str) -> None:
        super().__init__("The address %(reason)s.", reason=why)


class WebhookUnknown(NotFound):
    """There is no such webhook, or no such delivery."""

    def __init__(self) -> None:
        super().__init__("There is no such webhook or delivery.")


class TooMuchWaits(Conflict):
    """So much waits for a receiver that nothing more is written down for it."""

    def __init__(self, most: int) -> None:
        super().__init__("%(most)s deliveries wait for this webhook already.", most=most)


class TooManyWebhooks(Conflict):
    """There are as many as there may be."""

    def __init__(self, most: int) -> None:
        super().__init__("There are %(most)s webhooks, which is as many as there may be.", most=most)
