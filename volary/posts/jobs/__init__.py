"""Work for posts beside the requests: forgetting old counts and what was deleted."""
