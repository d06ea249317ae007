"""The arithmetic of codes and passkeys. No database, no clock."""
