"""What media may be, how it is read, where it lies and what its address is: no database in here."""
