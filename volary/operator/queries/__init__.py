"""What operators read: everybody's Apps and accounts, and the audit."""
