"""Announcing, starting, ending and cancelling Spaces; being in them."""
