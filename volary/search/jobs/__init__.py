"""Work beside the requests: the index and the trends."""
