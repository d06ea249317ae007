"""Operations on follows, blocks and mutes, one family a file."""
