"""Reading Spaces, and the posts that were shared in them."""
