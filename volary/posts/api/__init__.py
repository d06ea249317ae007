"""Operations on posts, one family a file."""
