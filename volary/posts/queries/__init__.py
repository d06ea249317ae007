"""Reading posts: who may see them, and lists of them."""
