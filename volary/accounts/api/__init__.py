"""Operations on accounts, one family a file."""
