"""The operations of search: posts, counts of posts, trends."""
