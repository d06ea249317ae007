"""Append-only events: who did what, with which grant, from where. Audit and "what this app did" read them.

Owns the tables `events`, `event_purges` and `app_reads`, where reads of apps are counted by day. Rooms above call `record` inside
the action that they belong to, so an event exists exactly when its act does.
"""
