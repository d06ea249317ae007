"""Lists: accounts that somebody put together, to read what they post in one timeline.

Owns the tables `lists`, `list_members`, `list_followers` and `list_pins`. A List is seen by who may see its owner, a private one by its
owner alone; that expression stands in `queries.visibility` and in every statement here. What a block between an owner and somebody else
ends is told to this room by `graph` (decision 0039).
"""
