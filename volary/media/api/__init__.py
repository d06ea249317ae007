"""Operations on media: sending them in one piece or in segments, describing and reading them."""
