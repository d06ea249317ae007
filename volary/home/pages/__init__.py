"""The pages of posts and people."""
