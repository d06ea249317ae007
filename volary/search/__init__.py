"""Search: what a query asks for, the index that answers it, counts of what is found, and trends.

Owns `search_documents`, one row of tokens for each post that can be found, written a moment after the post by a recurring task, and
`trends`. A query becomes one tree of tokens (`rules`), the same for both engines; who may see what it finds is part of each statement
(decision 0042).
"""
