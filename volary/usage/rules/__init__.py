"""Pure rules: sentences of reasons, and what of a base string may be shown."""
