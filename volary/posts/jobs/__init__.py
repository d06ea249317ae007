"""Work for posts beside the requests: writing down views, forgetting old counts."""
