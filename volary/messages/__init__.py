"""Direct Messages: send, list, and an own copy for each participant (C056–C059).

Owns the tables `conversations`, `participants`, `message_events` and `message_copies`. A reader finds only what they hold a copy of;
deleting removes a copy, never another's.
"""
