"""Volary: third-party apps act for people, and people stay in charge."""
