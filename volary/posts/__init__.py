"""Posts: create, read, delete, an author's list of them, and what people do with posts of others: repost, like, keep.

Owns the tables `posts`, `likes`, `bookmarks` and `bookmark_folders`; a repost is a row of `posts`. Who may see a post is part of every
query here. The app that a post came from is kept as an id; its name and website come from the room that owns apps, through the registry
(design §3, channels that lead upwards).
"""
