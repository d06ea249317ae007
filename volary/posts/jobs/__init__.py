"""Work for posts beside the requests: writing down views, telling languages, forgetting old counts."""
