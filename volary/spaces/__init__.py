"""Spaces: announced or started by a person, joined by others, ended; who hosts, speaks and listens, and the posts shared there.

Owns the tables `spaces`, `space_people`, `space_words` and `space_posts`. A Space is seen by who may see its creator; that is part of each
statement. Only the talk is kept here, no sound: what apps read is who is in it, and when.
"""
