"""Operations on Lists, one family a file."""
