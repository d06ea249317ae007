"""Writing messages, groups, and who may write: one family of acts a file."""
