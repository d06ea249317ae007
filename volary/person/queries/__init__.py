"""Reading archives, and what goes into one."""
