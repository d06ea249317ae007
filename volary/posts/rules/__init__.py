"""Pure rules of posts: what a text weighs, what stands in it, who may answer."""
