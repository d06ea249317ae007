"""Posts: create, read, delete, and an author's list of them.

Owns the table `posts`. Who may see a post is part of every query here. The app that a post came from is kept as an id; its name and
website come from the room that owns apps, through the registry (design §3, channels that lead upwards).
"""
