"""Work for posts beside the requests: writing down views, forgetting old counts and what was deleted."""
