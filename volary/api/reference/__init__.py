"""What developers read of the operations: made from their declarations, with a meaning for every name and a real example of each.

Shown by the help pages, and by the portal where operations are tried.
"""
