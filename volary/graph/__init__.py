"""Who follows, blocks and mutes whom, and with it who may see whom.

Owns the tables `follows`, `follow_requests`, `blocks`, `mutes` and `reports`. The one expression that says which authors a viewer may
see stands in `queries.visibility`; every statement of the rooms above that gives away what an account made has it inside.
"""
