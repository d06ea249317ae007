"""Links that an App shows to people: website, terms, privacy policy, organization (SR-169)."""

from urllib.parse import urlsplit

from volary.developers.errors import BadAddress
from volary.developers.rules.addresses import Fault, fault_in_text, fault_in_web_address, reads_one_way
from volary.language import mark as _


def link(url: str, field: str) -> str:
    """A link as it will be kept, or empty for none. Raises BadAddress: only http and https, with a host, without a user name."""
    kept = url.strip(" ")
    fault = fault_of(kept) if kept else None
    if fault is not None:
        raise BadAddress(field, kept, fault.message, fault.parameters)
    return kept


def fault_of(url: str) -> Fault | None:
    """What is wrong with a link; None when nothing is."""
    if not url.startswith(("http://", "https://")):
        return Fault(_("A link must begin with http:// or https://, in small letters."))
    fault = fault_in_text(url) or fault_in_web_address(url)
    if fault is None and not reads_one_way(url, urlsplit(url)) and not url.endswith(("#", "?")):
        fault = Fault(_("Programs could read this URL in different ways. Please write it in its usual form."))
    return fault
