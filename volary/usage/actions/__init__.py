"""Writes: what was noted, and forgetting it again."""
