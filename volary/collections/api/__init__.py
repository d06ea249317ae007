"""v1.1's operations on collections, one family a file. Both levels name them: reading needs Read, changing Read and write (C041, C053)."""
