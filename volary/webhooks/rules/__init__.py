"""Where a webhook may lead, how what it carries is signed, and sending it."""
