"""Where people see what they and their apps do: home timeline, posts with their conversations, profiles, bookmarks, and the forms to act.

Owns no table. Every button calls the action that the API calls, with the person as the caller, so that one rule serves both; every page
reads with the queries that the API reads with, and shows nobody more than they may see there.
"""
