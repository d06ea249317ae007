"""What can be brought to the token endpoint in exchange for tokens, one grant type a file (RFC 6749 §4.1.3, §6)."""
