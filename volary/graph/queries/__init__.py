"""Reading the graph: who may see whom, what connects two accounts, and lists of accounts."""
