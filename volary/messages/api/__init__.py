"""Operations on Direct Messages, one family a file (C205, C206)."""
