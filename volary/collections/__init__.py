"""Collections: posts that somebody put together by hand, in an order of their own (X facts 7.5).

Owns the tables `collections` and `collection_entries`. A collection is seen by who may see what its owner makes, and shows each reader
only the posts that they may see. Only public posts are put in.
"""
