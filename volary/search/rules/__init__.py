"""Pure rules of search: tokens of a text, the document of a post, the tree of a query, and how engines are asked for it."""
