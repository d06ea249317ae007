"""Reading for search: names in a query, what is found, how much is found, and what is to be indexed."""
