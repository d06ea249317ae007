"""Direct Messages: between two or in a group, with an own copy of each for every participant (C056–C059).

Owns the tables `conversations`, `participants`, `message_events`, `message_copies`, `message_blocks` and `message_settings`. A reader finds
only what they hold a copy of; deleting removes a copy, never another's. Who joins a group later holds nothing from before, who leaves
keeps what they have. Who can write to whom stands in one expression, in `queries.reach`.
"""
