"""From which address the request that is being answered came: set once where requests arrive, read where acts are written down."""

from contextvars import ContextVar

ADDRESS: ContextVar[str] = ContextVar("address", default="")
"""The client's IP address; empty for what no request asked for: jobs, the command line."""
