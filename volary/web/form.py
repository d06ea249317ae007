"""A form as it is shown and shown again: what was typed, and what is wrong with it, beside the field."""

from collections.abc import Mapping

from volary.kit.errors import Refusal
from volary.web.visit import Visit


class Form:
    """The values and errors of one form. Errors are texts in the visitor's language."""

    def __init__(self, visit: Visit, values: Mapping[str, object] | None = None) -> None:
        """Start from what was sent, else from `values` (what is stored today)."""
        self._visit = visit
        sent = visit.form if visit.request.method == "POST" else None
        self.values: dict[str, str] = dict(sent) if sent is not None else _texts(values or {})
        self.errors: dict[str, str] = {}
        self.refused: str | None = None
        """What is wrong with the form as a whole."""

    def __getitem__(self, name: str) -> str:
        """The value of a field, empty when it was not sent."""
        return self.values.get(name, "")

    def text(self, name: str) -> str:
        """The value of a field without blanks around it."""
        return self[name].strip()

    def checked(self, name: str) -> bool:
        """Whether a checkbox is on."""
        return self[name] not in {"", "0", "off"}

    def refuse(self, field: str | None, sentence: str, **parameters: str | int) -> None:
        """Say what is wrong with a field, or with the whole form; the first word about a field stands."""
        text = self._visit.t(sentence, **parameters)
        if field is None:
            self.refused = self.refused or text
        else:
            self.errors.setdefault(field, text)

    def add(self, refusal: Refusal) -> None:
        """Show a refusal of an action in the form, beside its field when it names one."""
        self.refuse(refusal.field, refusal.message, **refusal.parameters)

    @property
    def good(self) -> bool:
        """Whether nothing is wrong so far."""
        return not self.errors and self.refused is None


def _texts(values: Mapping[str, object]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in values.items()}
