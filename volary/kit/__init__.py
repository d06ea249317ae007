"""The small tools that every room uses and that know nothing of the product: clock, ids, secrets, errors, URLs.

Nothing here does input or output. Only the standard library is imported, with two exceptions: `cryptography` for AES-GCM (the
standard library has no authenticated encryption) and `msgspec`.
"""
